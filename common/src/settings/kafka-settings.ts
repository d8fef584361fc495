import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfigFile } from './config-file.ts';
import { readJaasConfig } from './jaas-config.ts';
import { type LayeredValues, layerValues, type Sourced } from './layered-values.ts';
import { hidden, SettingError } from './setting-error.ts';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaSettings {
  /** host:port of the brokers to start from. */
  readonly brokers: string[];
  /** Absent for a connection without TLS. */
  readonly tls?: { readonly ca?: string; readonly checkHostName: boolean };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
  /** Where brokers and login stand, for messages about a broker that refuses them. */
  readonly source: { readonly brokers: string; readonly login: string };
}

const file = 'kafka.config';

/** What is read. Everything else in the file (client tuning, Schema Registry) is for other clients and left alone. */
const keys = [
  'bootstrap.servers',
  'metadata.broker.list',
  'security.protocol',
  'sasl.mechanism',
  'sasl.mechanisms',
  'sasl.jaas.config',
  'sasl.username',
  'sasl.password',
  'ssl.ca.location',
  'ssl.truststore.location',
  'ssl.truststore.type',
  'ssl.endpoint.identification.algorithm',
] as const;

/** Keys of the same clients that are near a key above without being a slip of it. */
const foreign = ['ssl.keystore.location', 'ssl.keystore.type', 'ssl.key.location', 'ssl.crl.location'];

/**
 * Reads config/kafka.config: Java client properties or librdkafka ones, as Confluent Cloud hands them out.
 * The environment wins: KAFKA_ and the key in capitals (`KAFKA_BOOTSTRAP_SERVERS`).
 *
 * @throws SettingError
 */
export function readKafkaSettings(env: NodeJS.ProcessEnv = process.env): KafkaSettings {
  const config = readConfigFile(file, env);
  const toVariable = (key: string) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`;
  const values = layerValues(config, env, { known: [...keys, ...foreign], toVariable });
  const brokers = readBrokers(values);
  const protocol = readProtocol(values);
  const tls = protocol.endsWith('SSL') ? readTls(values, config.dir) : undefined;
  const sasl = protocol.startsWith('SASL') ? readSasl(values) : undefined;
  return Object.freeze({
    brokers: brokers.list,
    ...(tls && { tls }),
    ...(sasl && { sasl: sasl.login }),
    source: { brokers: brokers.source, login: sasl?.source ?? `config/${file}: security.protocol` },
  });
}

function readBrokers(values: LayeredValues): { list: string[]; source: string } {
  const expected = 'host:port, several separated by commas';
  const found =
    values.get('bootstrap.servers') ??
    values.get('metadata.broker.list') ??
    values.require('bootstrap.servers', expected);
  const list = found.value.split(',').map((broker) => broker.trim().replace(/^[A-Z_]+:\/\//, ''));
  if (!list.every((broker) => /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker)))
    throw new SettingError({ ...found, found: found.value, expected });
  return { list, source: `${found.file}: ${found.key}` };
}

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

function readProtocol(values: LayeredValues): string {
  const found = values.get('security.protocol');
  const login = values.get('sasl.jaas.config') ?? values.get('sasl.username');
  const protocol = found?.value.toUpperCase() ?? 'PLAINTEXT';
  if (found && !protocols.includes(protocol))
    throw new SettingError({ ...found, found: found.value, expected: `one of ${protocols.join(', ')}` });
  // A login that would never be sent is a mistake, unless the environment turned it off (`npm start` without --cloud does).
  if (login && !protocol.startsWith('SASL') && found?.file !== 'environment')
    throw new SettingError({
      file: found?.file ?? login.file,
      key: 'security.protocol',
      found: found?.value,
      expected: `SASL_SSL (or SASL_PLAINTEXT), because ${login.key} is given`,
    });
  return protocol;
}

function readTls(values: LayeredValues, dir: string): { ca?: string; checkHostName: boolean } {
  const location = values.get('ssl.ca.location') ?? readTruststore(values);
  const algorithm = values.get('ssl.endpoint.identification.algorithm');
  if (algorithm && !['https', 'none', ''].includes(algorithm.value.toLowerCase()))
    throw new SettingError({
      ...algorithm,
      found: algorithm.value,
      expected: 'https, or none to skip the check of the host name',
    });
  return {
    ...(location && { ca: readCertificates(location, dir) }),
    checkHostName: (algorithm?.value.toLowerCase() ?? 'https') === 'https',
  };
}

function readTruststore(values: LayeredValues): Sourced | undefined {
  const location = values.get('ssl.truststore.location');
  const type = values.get('ssl.truststore.type');
  if (location && type?.value.toUpperCase() !== 'PEM')
    throw new SettingError({
      ...location,
      found: location.value,
      expected: 'a PEM file with ssl.truststore.type=PEM, or ssl.ca.location (Node reads no Java key stores)',
    });
  return location;
}

/** @param dir relative paths start from the folder of the config files */
export function readCertificates(location: Sourced, dir: string): string {
  const expected = 'the path of a readable PEM file with certificates';
  let text: string;
  try {
    text = readFileSync(path.resolve(dir, location.value), 'utf8');
  } catch (cause) {
    throw new SettingError({ ...location, found: location.value, expected }, { cause });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new SettingError({ ...location, found: location.value, expected });
  return text;
}

const mechanisms: Record<string, SaslMechanism> = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
};

function readSasl(values: LayeredValues): { login: NonNullable<KafkaSettings['sasl']>; source: string } {
  const named = values.get('sasl.mechanism') ?? values.get('sasl.mechanisms');
  const mechanism = mechanisms[named?.value.toUpperCase() ?? 'PLAIN'];
  if (named && !mechanism)
    throw new SettingError({ ...named, found: named.value, expected: `one of ${Object.keys(mechanisms).join(', ')}` });
  const { username, password, source } = readLogin(values);
  return { login: { mechanism: mechanism ?? 'plain', username, password }, source };
}

function readLogin(values: LayeredValues): { username: string; password: string; source: string } {
  const jaas = values.get('sasl.jaas.config');
  const username = values.get('sasl.username');
  // The environment is the nearer layer: a user name there beats a JAAS line in the file.
  if (jaas && !(username?.file === 'environment' && jaas.file !== 'environment')) return readJaasLogin(jaas, username);
  const user = values.require('sasl.username', 'the API key, or sasl.jaas.config with user name and password');
  const secret = values.require('sasl.password', 'the API secret that belongs to sasl.username');
  return { username: user.value, password: secret.value, source: `${user.file}: ${user.key}, ${secret.key}` };
}

function readJaasLogin(
  jaas: Sourced,
  username: Sourced | undefined,
): { username: string; password: string; source: string } {
  const login = readJaasConfig(jaas.value);
  if (!login)
    throw new SettingError({
      ...jaas,
      found: hidden,
      expected: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
    });
  if (username && username.value !== login.username)
    throw new SettingError({
      ...username,
      found: username.value,
      expected: 'the user name of sasl.jaas.config, or only one of the two',
    });
  return { username: login.username, password: login.password, source: `${jaas.file}: ${jaas.key}` };
}
