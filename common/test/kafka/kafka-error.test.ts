import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causesOf, toKafkaError } from '../../src/kafka/kafka-error.ts';
import type { ShopError } from '../../src/shop-error.ts';

const settings = {
  brokers: ['pkc-1.cloud:9092'],
  source: {
    brokers: 'config/kafka.config: bootstrap.servers',
    login: 'config/kafka.config: sasl.username, sasl.password',
  },
};
const failure = (message: string, fields: Record<string, unknown> = {}) => Object.assign(new Error(message), fields);

test('an error that stands for several is followed into each of them', () => {
  const inner = failure('inner', { cause: failure('innermost') });
  const chain = causesOf(failure('outer', { errors: [failure('first'), inner] }));
  assert.deepEqual(
    chain.map(({ message }) => message),
    ['outer', 'first', 'inner', 'innermost'],
  );
});

const table: [
  what: string,
  error: Error,
  expected: Pick<ShopError, 'code' | 'canRetry' | 'isSetting'>,
  message: RegExp,
][] = [
  [
    'a topic that may not be made',
    failure('Topic creation errors', {
      errors: [failure('Topic authorization failed', { type: 'TOPIC_AUTHORIZATION_FAILED', topic: 'shipments' })],
    }),
    { code: 'kafka_permission', canRetry: false, isSetting: false },
    /refused access to shipments \(TOPIC_AUTHORIZATION_FAILED\); grant it to the login of config\/kafka\.config: sasl\.username/,
  ],
  [
    'a refused login',
    failure('SASL PLAIN authentication failed', { name: 'KafkaJSSASLAuthenticationError' }),
    { code: 'kafka_login', canRetry: false, isSetting: true },
    /fix config\/kafka\.config: sasl\.username, sasl\.password/,
  ],
  [
    'a certificate that is out of date',
    failure('Connection error: certificate has expired', { code: 'CERT_HAS_EXPIRED' }),
    { code: 'kafka_certificate', canRetry: false, isSetting: false },
    /out of date and must be renewed there/,
  ],
  [
    'an unknown authority',
    failure('Connection error: self-signed certificate in certificate chain', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    { code: 'kafka_certificate', canRetry: false, isSetting: true },
    /is not trusted; fix config\/kafka\.config: ssl\.ca\.location/,
  ],
  [
    'a broker that asks for a client certificate',
    failure(
      'Connection error: 80DC:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../record.c:1601:SSL alert number 42\n',
    ),
    { code: 'kafka_certificate', canRetry: false, isSetting: true },
    /^pkc-1\.cloud:9092 asks for a client certificate; set ssl\.certificate\.location and ssl\.key\.location in config\/kafka\.config \(alert of the server: bad certificate\)$/,
  ],
  [
    'an alert that a client certificate is required, as TLS 1.3 has it',
    failure(
      'error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../record.c:1601:SSL alert number 116',
    ),
    { code: 'kafka_certificate', canRetry: false, isSetting: true },
    /asks for a client certificate; .*\(alert of the server: certificate required\)$/,
  ],
  [
    'a broker that hangs up',
    failure('Closed connection'),
    { code: 'kafka_away', canRetry: true, isSetting: false },
    /no answer from pkc-1\.cloud:9092 .*security\.protocol does not fit/,
  ],
];

for (const [what, error, { code, canRetry, isSetting }, message] of table)
  test(`${what}: what to fix, and whether waiting helps`, () => {
    const wrapped = toKafkaError(error, settings);
    assert.deepEqual(
      { code: wrapped.code, canRetry: wrapped.canRetry, isSetting: wrapped.isSetting },
      { code, canRetry, isSetting },
    );
    assert.match(wrapped.message, message);
  });
