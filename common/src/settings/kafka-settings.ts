import { readConfigFile } from './config-file.ts';
import { type KafkaLogin, readLogin } from './kafka-login.ts';
import { type KafkaTls, readTls } from './kafka-tls.ts';
import { type LayeredValues, layerValues } from './layered-values.ts';
import { SettingError } from './setting-error.ts';

export interface KafkaSettings {
  /** host:port of the brokers to start from. */
  readonly brokers: string[];
  /** Absent for a connection without TLS. */
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaLogin;
  /** Keys of the file that the shop does not read. They may be settings of other clients, or not what the user meant. */
  readonly unreadKeys?: readonly string[];
  /** Where brokers, login and client certificate stand, for messages about a broker that refuses them. */
  readonly source: { readonly brokers: string; readonly login: string; readonly certificate?: string };
}

const file = 'kafka.config';

/** What is read. Everything else in the file (client tuning, Schema Registry) is for other clients, and is only logged. */
const keys: readonly string[] = [
  'bootstrap.servers',
  'metadata.broker.list',
  'security.protocol',
  'sasl.mechanism',
  'sasl.mechanisms',
  'sasl.jaas.config',
  'sasl.username',
  'sasl.password',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.truststore.location',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'ssl.key.password',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.endpoint.identification.algorithm',
];

/** Keys of the same clients that are near a key above without being a slip of it. */
const foreign = ['ssl.crl.location', 'ssl.keystore.password', 'ssl.truststore.password'];

/** Keys that show who the client is. Without SASL or TLS none of them would be sent. */
const loginKeys = ['sasl.jaas.config', 'sasl.username'];
const certificateKeys = ['ssl.certificate.location', 'ssl.keystore.location', 'ssl.keystore.certificate.chain'];

/**
 * Reads config/kafka.config: Java client properties or librdkafka ones, as Confluent Cloud hands them out.
 * The environment wins: KAFKA_ and the key in capitals (`KAFKA_BOOTSTRAP_SERVERS`).
 *
 * @throws SettingError
 */
export function readKafkaSettings(env: NodeJS.ProcessEnv = process.env): KafkaSettings {
  const config = readConfigFile(file, env);
  const toVariable = (key: string) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`;
  const values = layerValues(config, env, { known: [...keys, ...foreign], toVariable, isShared: true });
  const brokers = readBrokers(values);
  const protocol = readProtocol(values);
  const tls = protocol.endsWith('SSL') ? readTls(values, config.dir) : undefined;
  const sasl = protocol.startsWith('SASL') ? readLogin(values) : undefined;
  const unreadKeys = Object.keys({ ...config.values, ...config.inSections }).filter((key) => !keys.includes(key));
  return Object.freeze({
    brokers: brokers.list,
    ...(tls && { tls: tls.tls }),
    ...(sasl && { sasl: sasl.login }),
    ...(unreadKeys.length > 0 && { unreadKeys }),
    source: {
      brokers: brokers.source,
      login: sasl?.source ?? tls?.certificate ?? `config/${file}: security.protocol`,
      ...(tls?.certificate !== undefined && { certificate: tls.certificate }),
    },
  });
}

function readBrokers(values: LayeredValues): { list: string[]; source: string } {
  const expected = 'host:port, several separated by commas';
  const found =
    values.get('bootstrap.servers') ??
    values.get('metadata.broker.list') ??
    values.require('bootstrap.servers', expected);
  const list = found.value.split(',').map((broker) => broker.trim().replace(/^[A-Z_]+:\/\//, ''));
  if (!list.every((broker) => /^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(broker)))
    throw new SettingError({ ...found, found: found.value, expected });
  return { list, source: `${found.file}: ${found.key}` };
}

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

function readProtocol(values: LayeredValues): string {
  const found = values.get('security.protocol');
  const protocol = found?.value.toUpperCase() ?? 'PLAINTEXT';
  if (found && !protocols.includes(protocol))
    throw new SettingError({ ...found, found: found.value, expected: `one of ${protocols.join(', ')}` });
  // The environment may turn a login off: `npm start` without --cloud does.
  if (found?.file === 'environment') return protocol;
  const login = protocol.startsWith('SASL') ? undefined : values.find(...loginKeys);
  const certificate = protocol.endsWith('SSL') ? undefined : values.find(...certificateKeys);
  const unsent = login ?? certificate;
  if (unsent)
    throw new SettingError({
      file: found?.file ?? unsent.file,
      key: 'security.protocol',
      found: found?.value,
      expected: `${login ? 'SASL_SSL (or SASL_PLAINTEXT)' : 'SSL (or SASL_SSL)'}, because ${unsent.key} is given`,
    });
  return protocol;
}
