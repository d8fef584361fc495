// One Kafka broker for tests and experiments, until Ctrl-C:
//   node --import tsx local/src/broker.ts FOLDER [PORT]
import { startBroker } from './stand-alone.ts';

const [folder, port] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node --import tsx local/src/broker.ts FOLDER [PORT]');
  process.exit(64);
}
const broker = await startBroker({ folder, ...(port && { port: Number(port) }) });
console.log(`127.0.0.1:${broker.port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void broker.stop().then(() => process.exit(0)));
