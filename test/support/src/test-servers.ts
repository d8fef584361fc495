import type { KafkaSettings } from '@shop/common';

/** Address of the broker for tests, host:port. @throws when TEST_KAFKA is not set */
export const testKafka = (): string => readAddress('TEST_KAFKA', 'host:port of a Kafka broker');

/** Settings of a client of that broker. */
export const testKafkaSettings = (broker = testKafka()): KafkaSettings => ({
  brokers: [broker],
  source: { brokers: 'TEST_KAFKA', login: 'TEST_KAFKA' },
});

/** URL of a Postgres database whose superuser may create others. @throws when TEST_POSTGRES is not set */
export const testPostgres = (): string =>
  readAddress('TEST_POSTGRES', 'the URL of a Postgres database for a superuser');

function readAddress(variable: string, expected: string): string {
  const address = process.env[variable];
  if (!address) throw new Error(`${variable} is not set: expected ${expected}; npm test starts one`);
  return address;
}
