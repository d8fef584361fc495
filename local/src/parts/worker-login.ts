import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KafkaSettings } from '@shop/common';

/**
 * Address and login of Kafka as the worker's Java settings: for itself, and for the producers, consumers and admin clients
 * of its connectors.
 *
 * @param folder gets a file with the certificates to trust, where there are some
 */
export function toWorkerLogin({ brokers, tls, sasl }: KafkaSettings, folder: string): Record<string, string> {
  const login: Record<string, string> = {
    'security.protocol': `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`,
  };
  if (sasl) {
    login['sasl.mechanism'] = sasl.mechanism.toUpperCase();
    login['sasl.jaas.config'] = toJaas(sasl);
  }
  if (tls?.ca !== undefined) {
    const file = path.join(folder, 'ca.pem');
    writeFileSync(file, tls.ca);
    login['ssl.truststore.type'] = 'PEM';
    login['ssl.truststore.location'] = file;
  }
  if (tls && !tls.checkHostName) login['ssl.endpoint.identification.algorithm'] = '';
  const settings: Record<string, string> = { 'bootstrap.servers': brokers.join(',') };
  for (const prefix of ['', 'producer.', 'consumer.', 'admin.'])
    for (const [key, value] of Object.entries(login)) settings[`${prefix}${key}`] = value;
  return settings;
}

function toJaas({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): string {
  const module =
    mechanism === 'plain'
      ? 'org.apache.kafka.common.security.plain.PlainLoginModule'
      : 'org.apache.kafka.common.security.scram.ScramLoginModule';
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return `${module} required username=${quote(username)} password=${quote(password)};`;
}
