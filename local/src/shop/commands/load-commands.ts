import { listScenarios } from '@shop/common';
import { type Command, Option } from 'commander';
import { runShopScenario } from '../run-shop-scenario.ts';
import { decimal, given, whole } from './parse-arguments.ts';
import { describeResult, optionsOf, print, reportSlow, run, send } from './run-command.ts';

const resettable = ['order-service', 'updater', 'refill-inventory', 'shipping-service', 'websocket'] as const;

/** Commands that change what happens by itself. */
export function addLoadCommands(program: Command): void {
  const rate = program.command('rate').description('changes what happens by itself, until the service restarts');

  rate
    .command('orders')
    .argument('<per-second>', 'from 0.001 to 2000', decimal)
    .description('orders per second')
    .action((orders_per_second: number, _, command: Command) =>
      send(command, { target: 'order-service', command: 'set-rate', orders_per_second }),
    );

  rate
    .command('quantity')
    .argument('<min>', 'pieces', whole)
    .argument('<max>', 'pieces', whole)
    .description('pieces in an order')
    .action((min: number, max: number, _, command: Command) =>
      send(command, { target: 'order-service', command: 'set-quantity', min, max }),
    );

  rate
    .command('customers')
    .description('customers who register, move and leave')
    .option('--inserted <n>', 'who register in each round', whole)
    .option('--moved <n>', 'who move', whole)
    .option('--deleted <n>', 'who leave', whole)
    .option('--interval <ms>', 'time between two rounds', whole)
    .action(({ interval, ...counts }: Record<string, number | undefined>, command: Command) => {
      const { inserted, moved, deleted } = counts;
      return send(command, {
        target: 'updater',
        command: 'set-customers',
        ...given({ inserted, moved, deleted, interval_ms: interval }),
      });
    });

  rate
    .command('refills')
    .description('pieces added to each product')
    .option('--min <n>', 'pieces', whole)
    .option('--max <n>', 'pieces', whole)
    .option('--interval <ms>', 'time between two rounds', whole)
    .action(({ min, max, interval }: Record<string, number | undefined>, command: Command) =>
      send(command, {
        target: 'refill-inventory',
        command: 'set-refills',
        ...given({ min, max, interval_ms: interval }),
      }),
    );

  rate
    .command('reset')
    .argument('<service>', resettable.join(', '))
    .description('back to the settings; websocket: ends the scenario that the page started')
    .action((target: (typeof resettable)[number], _, command: Command) => send(command, { target, command: 'reset' }));

  program
    .command('scenario')
    .argument('<name>', `${listScenarios().join(', ')}, or a file such as my-scenario.yaml`)
    .addOption(new Option('--seed <n>', 'in place of the seed of the scenario').argParser(whole))
    .description('runs commands at their times; Ctrl-C ends it')
    .action((source: string, { seed }: { seed?: number }, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const obeyed = await runShopScenario(
          {
            source,
            seed,
            onStart: (scenario) => {
              if (!options.json) process.stdout.write(`${scenario.about} (seed ${scenario.seed})\n`);
            },
            onResult: (result) => print(options, result, describeResult(result)),
            onSlow: reportSlow,
          },
          context,
        );
        return obeyed ? 0 : 1;
      });
    });
}
