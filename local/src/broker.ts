import { Command } from 'commander';
import { startBroker } from './stand-alone.ts';

const command = new Command('npm run broker --')
  .description(
    'Starts one Kafka broker on loopback, for tests and experiments, and prints its address. Ctrl-C stops it.',
  )
  .argument('<folder>', 'folder of its data and log; a later start on it has the same data')
  .argument('[port]', 'a free one by default')
  .addHelpText('after', '\nExample:\n  npm run broker -- /tmp/broker 19092')
  .parse();
const [folder = '', port] = command.args;
const broker = await startBroker({ folder, ...(port && { port: Number(port) }) });
console.log(`127.0.0.1:${broker.port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void broker.stop().then(() => process.exit(0)));
