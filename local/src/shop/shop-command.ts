import { randomUUID } from 'node:crypto';
import { type CommandRequest, type CommandResult, listScenarios, type ServiceContext } from '@shop/common';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatCell, formatFields, formatTable } from './format-table.ts';
import { openShopCommands } from './open-shop-commands.ts';
import { runInTerminal, type TerminalOptions } from './open-terminal.ts';
import { formatAnswer, queryKsqldb } from './query-ksqldb.ts';
import { readShopStatus } from './read-shop-status.ts';
import { readShopStory, type ShopStory } from './read-shop-story.ts';
import { runShopScenario } from './run-shop-scenario.ts';

const whole = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
};
const decimal = (text: string): number => {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError('Expected a number.');
  return Number(text);
};
const portOffset = (text: string): number => {
  const offset = whole(text);
  if (offset > 60_000) throw new InvalidArgumentError('Expected a whole number from 0 to 60000.');
  return offset;
};

const program = new Command('npm run shop --')
  .description('Shows a running shop, and drives it by commands that travel through Kafka.')
  .option('--json', 'print one line of JSON for programs', false)
  .option('--port-offset <n>', 'the offset of npm start', portOffset, 0)
  .option('--cloud', 'take the addresses of Kafka and ksqlDB from config/*.config', false)
  .showHelpAfterError('--help shows the commands.')
  .addHelpText(
    'after',
    `
Examples:
  npm run shop -- status
  npm run shop -- customer 42
  npm run shop -- order 42 phone 2
  npm run shop -- rate orders 200
  npm run shop -- scenario flash-sale
  npm run shop -- crash shipping-service
  npm run shop -- query "SELECT * FROM CUSTOMERS WHERE ID = 42"
  npm run shop --silent -- status --json

A service obeys within 60 s, or reports the command as expired. With several instances of a service, one obeys.
What a command has set lasts until "rate reset" or until the service restarts.

Exit code 1: the command was refused or expired. 2: it could not be sent, or no answer came.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const optionsOf = (command: Command) => command.optsWithGlobals<TerminalOptions>();

const run = (options: TerminalOptions, work: (context: ServiceContext) => Promise<number>) =>
  runInTerminal({ name: 'shop', instance: randomUUID() }, options, work);

/** The fields that the user gave. */
const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Prints a result for people or for programs. */
function print({ json }: TerminalOptions, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

const reportSlow = (service: string) => process.stderr.write(`waiting for ${service} …\n`);

async function send(command: Command, request: CommandRequest): Promise<void> {
  const options = optionsOf(command);
  await run(options, async (context) => {
    const result = await (await openShopCommands(context, reportSlow)).run(request);
    print(options, result, describeResult(result));
    return result.status === 'done' ? 0 : 1;
  });
}

function describeResult({
  command_id,
  at,
  target,
  instance,
  command,
  status,
  reason,
  ...details
}: CommandResult): string {
  const head = `${target} (${instance}): ${command} ${status}${reason === undefined ? '' : `: ${reason}`}`;
  return Object.keys(details).length === 0 ? formatCell(head) : `${formatCell(head)}\n${formatFields(details)}`;
}

program
  .command('status')
  .description('the state of each service')
  .action((_, command: Command) => {
    const options = optionsOf(command);
    return run(options, async (context) => {
      const services = await readShopStatus(context);
      const rows = services.map(({ service, instance, state, since, waiting_for, silent_ms, last_error }) => [
        service,
        instance,
        state,
        since,
        `${Math.round(silent_ms / 1_000)} s ago`,
        [...waiting_for.map((each) => `waits for ${each}`), ...(last_error ? [last_error.message] : [])].join('; '),
      ]);
      const heads = ['service', 'instance', 'state', 'since', 'reported', 'waits for, last error'];
      print(
        options,
        services,
        formatTable(
          heads,
          rows.map((row) => row.map(formatCell)),
        ),
      );
      return 0;
    });
  });

program
  .command('customer')
  .argument('<search>', 'the id or name of a customer')
  .description('what happened to a customer')
  .action((search: string, _, command: Command) => showStory(search, command));

program
  .command('order')
  .argument('<id>', 'the id of an order to show, or of a customer who orders')
  .argument('[product]', 'orders this product')
  .argument('[quantity]', 'pieces', whole)
  .description('what happened to an order; with a product: orders it for a customer')
  .action((id: string, product: string | undefined, quantity: number | undefined, _, command: Command) => {
    if (product === undefined) return showStory(id, command);
    if (!/^\d{1,15}$/.test(id)) return command.error("error: expected a customer's id before the product");
    return send(command, {
      target: 'order-service',
      command: 'order',
      customer_id: Number(id),
      product,
      ...given({ quantity }),
    });
  });

function showStory(search: string, command: Command): Promise<never> {
  const options = optionsOf(command);
  return run(options, async (context: ServiceContext) => {
    const story = await readShopStory(search, context);
    print(options, story, describeStory(story));
    return story.events.length > 0 || story.candidates.length > 0 ? 0 : 1;
  });
}

function describeStory({ customer, events, candidates }: ShopStory): string {
  if (candidates.length > 0)
    return formatTable(
      ['customer', 'name', 'country'],
      candidates.map(({ id, name, country }) => [String(id), formatCell(name), formatCell(country)]),
    );
  if (events.length === 0) return 'The page has no event of it. It keeps the last 30,000 messages.';
  const rows = events.map(({ topic, timestamp, value }) => [
    new Date(timestamp).toISOString(),
    topic,
    formatCell(value),
  ]);
  const title = customer ? `customer ${customer.id}, ${formatCell(customer.name ?? 'name unknown')}\n\n` : '';
  return `${title}${formatTable(['time', 'topic', 'message'], rows)}`;
}

program
  .command('register')
  .description('registers a customer; what is not given is made up')
  .option('--first-name <name>')
  .option('--last-name <name>')
  .option('--country <country>')
  .action(({ firstName, lastName, country }: Record<string, string | undefined>, command: Command) =>
    send(command, {
      target: 'updater',
      command: 'register',
      ...given({ first_name: firstName, last_name: lastName, country }),
    }),
  );

program
  .command('move')
  .argument('<customer>', 'the id of a customer', whole)
  .description('gives a customer a new address in the same country')
  .action((customer_id: number, _, command: Command) =>
    send(command, { target: 'updater', command: 'move', customer_id }),
  );

program
  .command('delete')
  .argument('<customer>', 'the id of a customer', whole)
  .description('deletes a customer')
  .action((customer_id: number, _, command: Command) =>
    send(command, { target: 'updater', command: 'delete', customer_id }),
  );

program
  .command('add-product')
  .argument('<name>', 'what the shop sells from now on')
  .description('adds a product')
  .action((product: string, _, command: Command) =>
    send(command, { target: 'updater', command: 'add-product', product }),
  );

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

const resettable = ['order-service', 'updater', 'refill-inventory', 'shipping-service', 'websocket'] as const;
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

program
  .command('crash')
  .argument('<service>', 'as in docker-compose.yml')
  .description('ends one instance of a service, as kill -9 does')
  .action((service: string, _, command: Command) => send(command, { target: service as 'updater', command: 'crash' }));

program
  .command('freeze')
  .argument('<service>', 'as in docker-compose.yml')
  .argument('[seconds]', '15 by default, at most 30', whole)
  .description('freezes one instance of a service, as SIGSTOP does')
  .action((service: string, seconds: number | undefined, _, command: Command) =>
    send(command, {
      target: service as 'updater',
      command: 'freeze',
      ...given({ seconds }),
    }),
  );

program
  .command('lose-ksqldb')
  .argument('<service>', 'shipping-service, ksql or audit')
  .argument('[seconds]', '20 by default, at most 60', whole)
  .description('lets the requests of one instance to ksqlDB fail')
  .action((service: string, seconds: number | undefined, _, command: Command) =>
    send(command, { target: service as 'audit', command: 'lose-ksqldb', ...given({ seconds }) }),
  );

program
  .command('slow')
  .addOption(new Option('--ms <ms>', 'pause before each batch of orders').argParser(whole))
  .description('slows shipping-service down, by 500 ms a batch, until "normal"')
  .action(({ ms }: { ms?: number }, command: Command) =>
    send(command, { target: 'shipping-service', command: 'slow', ...given({ ms_per_batch: ms }) }),
  );

program
  .command('normal')
  .description('ends "slow"')
  .action((_, command: Command) => send(command, { target: 'shipping-service', command: 'normal' }));

program
  .command('query')
  .argument('<sql>', 'SELECT, SHOW, LIST, DESCRIBE or EXPLAIN')
  .description("asks the shop's ksqlDB")
  .action((sql: string, _, command: Command) => {
    const options = optionsOf(command);
    return run(options, async (context) => {
      const found = await queryKsqldb(sql, context);
      print(options, 'answer' in found ? found.answer : found, formatAnswer(found));
      return 0;
    });
  });

await program.parseAsync();
