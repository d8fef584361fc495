import { Command, InvalidArgumentError, Option } from 'commander';

export interface Options {
  /** Stop after this many seconds, counted from when the shop is open. */
  duration?: number;
  fresh: boolean;
  /** Removes the data of deleted checkouts, and starts nothing. */
  clean: boolean;
  /** The names of the processes to start; absent for all. */
  only?: string[];
  /** The names of the processes to leave out. */
  without: string[];
  /** The number of instances by service; 1 if absent. */
  scale: Record<string, number>;
  portOffset: number;
  /** 1, or 3 with replication. */
  brokers: number;
  json: boolean;
  cloud: boolean;
}

/**
 * Reads the flags after `npm start --`.
 *
 * @param processes valid names for --only and --without
 * @param services valid names for --scale
 */
export function readOptions(
  words: readonly string[],
  processes: readonly string[],
  services: readonly string[],
): Options {
  const readName = oneOf(processes, 'process');
  const readService = oneOf(services, 'service');
  const command = new Command('npm start --')
    .description('Runs the whole shop on this machine, without Docker. Ctrl-C stops it.')
    .option('--duration <seconds>', 'stop this many seconds after the shop has opened', readNumber(1, 31_536_000))
    .option('--fresh', 'delete the data and logs of earlier runs first', false)
    .option('--clean', "remove root's Postgres data of deleted checkouts, and start nothing", false)
    .option('--only <names>', `start only these processes: ${processes.join(', ')}`, (text) =>
      text.split(',').map(readName),
    )
    .addOption(
      new Option('--without <names>', 'start everything but these processes (repeatable)')
        .default([], 'none')
        .conflicts('only')
        .argParser((text: string, before: string[]) => [...before, ...text.split(',').map(readName)]),
    )
    .addOption(
      new Option('--scale <service=n>', 'run a service more than once (repeatable)')
        .default({}, 'one of each')
        .argParser((text: string, before: Record<string, number>) => {
          const [service = '', count = ''] = text.split('=');
          return { ...before, [readService(service)]: readNumber(1, 50)(count) };
        }),
    )
    .option('--port-offset <n>', 'add n to every port', readNumber(0, 50_000), 0)
    .option('--brokers <n>', 'Kafka brokers: 1, or 3 that replicate every topic', readBrokers, 1)
    .option('--json', 'end with one line of JSON: the figures of the run', false)
    .option('--cloud', 'use the Kafka and ksqlDB of config/, and start neither', false)
    .addHelpText(
      'after',
      `
Examples:
  npm start -- --duration 90 --json
  npm start -- --only kafka,postgres_start
  npm start -- --brokers 3
  npm start -- --fresh --without shipping-service     its place is free for yours
  SHOP_DATA=.shop2 npm start -- --port-offset 10000   a second shop beside the first`,
    )
    .allowExcessArguments(false)
    .parse(words, { from: 'user' });
  const options = command.opts<Options>();
  const scaled = options.without.find((name) => name in options.scale);
  if (scaled) command.error(`error: --scale starts ${scaled}, and --without leaves it out`);
  return options;
}

function oneOf(names: readonly string[], kind: string): (text: string) => string {
  return (text) => {
    const name = text.trim();
    if (!names.includes(name))
      throw new InvalidArgumentError(`There is no ${kind} ${name}. There are: ${names.join(', ')}.`);
    return name;
  };
}

function readNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    return number;
  };
}

/** Refuses two brokers: a cluster decides by majority, so two would be less available than one. */
function readBrokers(text: string): number {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('Expected 1 or 3.');
  return Number(text);
}
