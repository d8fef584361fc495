import type { KafkaLogin } from '../settings/kafka-login.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';

/**
 * The same settings as properties of a Java client. Certificates and keys are in the values, on one line each: no
 * second file is needed, and the two programs cannot read different ones.
 */
function toJavaClient({ brokers, tls, sasl }: KafkaSettings): Record<string, string> {
  const client = tls?.client;
  return {
    'bootstrap.servers': brokers.join(','),
    'security.protocol': toProtocol({ tls, sasl }),
    ...(sasl && { 'sasl.mechanism': sasl.mechanism.toUpperCase(), 'sasl.jaas.config': toJaas(sasl) }),
    ...(tls?.ca !== undefined && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': toOneLine(tls.ca) }),
    ...(client && {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': toOneLine(client.certificate),
      'ssl.keystore.key': toOneLine(client.key),
    }),
    ...(tls && !tls.checkHostName && { 'ssl.endpoint.identification.algorithm': '' }),
  };
}

/**
 * The properties of a Connect worker: for itself, and for the producers, consumers and admin clients of its connectors.
 */
export function toWorkerProperties(settings: KafkaSettings): Record<string, string> {
  const { 'bootstrap.servers': brokers = '', ...client } = toJavaClient(settings);
  const properties: Record<string, string> = { 'bootstrap.servers': brokers };
  for (const prefix of ['', 'producer.', 'consumer.', 'admin.'])
    for (const [key, value] of Object.entries(client)) properties[`${prefix}${key}`] = value;
  return properties;
}

/** A value as `java.util.Properties` reads it from a file. */
export function escapeJavaText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replace(/^ /, '\\ ')
    .replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toProtocol({ tls, sasl }: { tls: unknown; sasl: unknown }): string {
  if (sasl) return tls ? 'SASL_SSL' : 'SASL_PLAINTEXT';
  return tls ? 'SSL' : 'PLAINTEXT';
}

function toJaas({ mechanism, username, password }: KafkaLogin): string {
  const module = mechanism === 'plain' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return `org.apache.kafka.common.security.${module} required username=${quote(username)} password=${quote(password)};`;
}

/** Java takes blanks for the line breaks of PEM. */
const toOneLine = (pem: string) => pem.trim().replaceAll(/\s*\n\s*/g, ' ');
