import { once } from 'node:events';
import { Command } from 'commander';
import { driveShop } from './drive-shop.ts';
import { produceTo } from './produce-to.ts';
import { createShopSimulation } from './simulate-shop.ts';

const command = new Command('npm run simulation --')
  .description(
    "Writes a simulated shop's messages to a broker, so that the page can be seen without a fleet. Ctrl-C stops it.",
  )
  .requiredOption('--kafka <host:port>', 'the broker')
  .option('--orders <n>', 'orders per second', Number, 5)
  .addHelpText('after', '\nExample:\n  npm run simulation -- --kafka localhost:9092 --orders 5')
  .parse();
const { kafka: broker, orders } = command.opts<{ kafka: string; orders: number }>();
const kafka = await produceTo(broker);
const shop = driveShop(createShopSimulation(), kafka.send, { ordersPerSecond: orders });
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await shop.stop();
await kafka.close();
