import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type KafkaSettings, readKafkaSettings, runService, SettingError } from '@shop/common';
import { Command, InvalidArgumentError } from 'commander';
import { startKsqldb } from './start-ksqldb.ts';
import { VERSION } from './version.ts';

interface Flags {
  readonly kafka: string;
  readonly kafkaConfig?: string;
  readonly port: number;
  readonly host: string;
  readonly serviceId: string;
  readonly user?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535');
  return number;
}

function brokers(text: string): string {
  if (!text.split(',').every((broker) => /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker.trim())))
    throw new InvalidArgumentError('expected host:port, several separated by commas');
  return text;
}

function user(text: string): string {
  if (!/^[^:]+:.+$/.test(text)) throw new InvalidArgumentError('expected name:password');
  return text;
}

function serviceId(text: string): string {
  if (!/^[\w.-]{1,60}$/.test(text)) throw new InvalidArgumentError('expected letters, digits, points, - and _');
  return text;
}

const program = new Command('ksqldb')
  .description(
    'The embedded ksqlDB: answers like ksqlDB 7.9 within its scope (see ksql/embedded/README.md), needs only Kafka.',
  )
  .version(VERSION)
  .option('--kafka <host:port>', 'the brokers to start from', brokers, 'localhost:9092')
  .option(
    '--kafka-config <file>',
    'a kafka.config file with login and TLS, as Confluent Cloud hands it out; wins over --kafka',
  )
  .option('--port <number>', 'where to listen', port, 8088)
  .option('--host <address>', 'the address to listen on', '127.0.0.1')
  .option('--service-id <name>', 'tells several servers on one Kafka apart', serviceId, 'default')
  .option('--user <name:password>', 'ask for this login (Basic)', user)
  .option('--tls-cert <file>', 'PEM certificate, to listen with TLS')
  .option('--tls-key <file>', 'PEM key of that certificate')
  .addHelpText('after', '\nExample:\n  npm run ksqldb -- --kafka localhost:9092 --port 8088');

program.parse();
const flags = program.opts<Flags>();
if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
  program.error('error: --tls-cert and --tls-key belong together');

await runService('ksqldb', async (context) => {
  const tls = readTls(flags);
  const { host, serviceId: id } = flags;
  await startKsqldb(
    {
      kafka: kafkaSettings(flags, context.env),
      serviceId: id,
      http: {
        port: flags.port,
        host,
        ...(flags.user === undefined ? {} : { user: flags.user }),
        ...(tls === undefined ? {} : { tls }),
      },
    },
    context,
  );
});

function kafkaSettings({ kafka, kafkaConfig }: Flags, env: NodeJS.ProcessEnv): KafkaSettings {
  if (kafkaConfig === undefined)
    return {
      brokers: kafka.split(',').map((broker) => broker.trim()),
      source: { brokers: '--kafka', login: '--kafka-config' },
    };
  if (path.basename(kafkaConfig) !== 'kafka.config')
    throw new SettingError({
      file: 'command line',
      key: '--kafka-config',
      found: kafkaConfig,
      expected: 'the path of a file named kafka.config',
    });
  return readKafkaSettings({ ...env, CONFIG_DIR: path.dirname(path.resolve(kafkaConfig)) });
}

function readTls({ tlsCert, tlsKey }: Flags): { cert: string; key: string } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readPem('--tls-cert', tlsCert), key: readPem('--tls-key', tlsKey) };
}

function readPem(key: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SettingError(
      { file: 'command line', key, found: file, expected: 'the path of a readable PEM file' },
      { cause },
    );
  }
}
