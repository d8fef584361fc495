import { Command, InvalidArgumentError } from 'commander';
import { ksqldbVersion, readPackageVersion } from './version.ts';

export interface Flags {
  /** host:port of the brokers, separated by commas. */
  readonly kafka: string;
  readonly kafkaConfig?: string;
  readonly port: number;
  readonly host: string;
  readonly serviceId: string;
  /** name:password */
  readonly user?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Reads the flags. An invalid flag, --help or --version ends the process. */
export function readCommandLine(args: readonly string[], program = new Command()): Flags {
  program
    .name('ksqldb-embedded')
    .description(`Answers like ksqlDB ${ksqldbVersion} within the scope of its README. Needs only Kafka.`)
    .version(`${readPackageVersion()} (ksqlDB ${ksqldbVersion})`)
    .option('--kafka <host:port>', 'brokers to connect to first, separated by commas', readBrokers, 'localhost:9092')
    .option(
      '--kafka-config <file>',
      'kafka.config with brokers, login and TLS, as Confluent Cloud gives it; wins over --kafka',
    )
    .option('--port <number>', 'port to listen on; 0 chooses a free one', readPort, 8088)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--service-id <name>', 'separates several servers on one Kafka', readServiceId, 'default')
    .option('--user <name:password>', 'login that clients must send (Basic)', readUser)
    .option('--tls-cert <file>', 'PEM certificate, to serve HTTPS')
    .option('--tls-key <file>', 'PEM key of that certificate')
    .addHelpText('after', '\nExample:\n  ksqldb-embedded --kafka localhost:9092 --port 8088')
    .showHelpAfterError('(--help lists all flags)')
    .parse(args, { from: 'user' });
  const flags = program.opts<Flags>();
  if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
    program.error('error: --tls-cert needs --tls-key, and --tls-key needs --tls-cert');
  return flags;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

function readBrokers(text: string): string {
  if (!text.split(',').every((broker) => /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker.trim())))
    throw new InvalidArgumentError('Expected host:port, several separated by commas.');
  return text;
}

function readUser(text: string): string {
  if (!/^[^:]+:.+$/.test(text)) throw new InvalidArgumentError('Expected name:password.');
  return text;
}

function readServiceId(text: string): string {
  if (!/^[\w.-]{1,60}$/.test(text))
    throw new InvalidArgumentError('Expected 1 to 60 letters, digits, points, hyphens and underscores.');
  return text;
}
