import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type KafkaSettings, readKafkaSettings, SettingError } from '@shop/common';
import type { Flags } from './command-line.ts';
import type { KsqldbOptions } from './start-ksqldb.ts';

/**
 * Reads the files that the flags name.
 *
 * @throws SettingError with the flag, or with the file and key
 */
export function readOptions(flags: Flags, env: NodeJS.ProcessEnv): KsqldbOptions {
  const { port, host, serviceId, user } = flags;
  const tls = readTls(flags);
  return {
    kafka: readKafka(flags, env),
    serviceId,
    http: { port, host, ...(user !== undefined && { user }), ...(tls !== undefined && { tls }) },
  };
}

function readKafka({ kafka, kafkaConfig }: Flags, env: NodeJS.ProcessEnv): KafkaSettings {
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
    const expected = 'the path of a readable PEM file';
    throw new SettingError({ file: 'command line', key, found: file, expected }, { cause });
  }
}
