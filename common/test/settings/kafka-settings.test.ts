import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKafkaSettings } from '../../src/settings/kafka-settings.ts';
import { createConfigDir } from './config-dir.ts';

/** As Confluent Cloud's page for Java clients hands it out. */
const java = `# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=pkc-4r000.europe-west1.gcp.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY7' password='s3cr/t+x=';
sasl.mechanism=PLAIN
# Required for correctness in Apache Kafka clients prior to 2.6
client.dns.lookup=use_all_dns_ips
session.timeout.ms=45000
acks=all
client.id=ccloud-java-client-1
schema.registry.url=https://psrc-1.europe-west1.gcp.confluent.cloud
basic.auth.credentials.source=USER_INFO
basic.auth.user.info=A:B
`;

/** As it hands it out for librdkafka clients. */
const librdkafka = `bootstrap.servers=pkc-4r000.europe-west1.gcp.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.mechanisms=PLAIN
sasl.username=KEY7
sasl.password=s3cr/t+x=
session.timeout.ms=45000
`;

for (const [style, text] of Object.entries({ java, librdkafka }))
  test(`understands ${style} properties as pasted`, (t) => {
    const { env } = createConfigDir(t, { 'kafka.config': text });
    const settings = readKafkaSettings(env);
    assert.deepEqual(settings.brokers, ['pkc-4r000.europe-west1.gcp.confluent.cloud:9092']);
    assert.deepEqual(settings.sasl, { mechanism: 'plain', username: 'KEY7', password: 's3cr/t+x=' });
    assert.deepEqual(settings.tls, { checkHostName: true });
  });

test('the file that is shipped is for the local stack', () => {
  const settings = readKafkaSettings({});
  assert.deepEqual(settings.brokers, ['kafka:9092']);
  assert.equal(settings.tls, undefined);
  assert.equal(settings.sasl, undefined);
});

test('the environment wins, and can take the login away', (t) => {
  const { env } = createConfigDir(t, { 'kafka.config': java });
  const settings = readKafkaSettings({
    ...env,
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092',
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
  });
  assert.deepEqual(settings.brokers, ['127.0.0.1:9092']);
  assert.equal(settings.sasl, undefined);
});

test('a JAAS line in quotes with escapes is read as Java reads it', (t) => {
  const jaas = String.raw`"org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"a\\\"b;c\";"`;
  const { env } = createConfigDir(t, {
    'kafka.config': `bootstrap.servers=b:1\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config='${JSON.parse(jaas)}'`,
  });
  assert.deepEqual(readKafkaSettings(env).sasl, { mechanism: 'scram-sha-512', username: 'u', password: 'a"b;c' });
});

test('keys that the shop does not read are listed, also those of sections', (t) => {
  const read = (text: string) => readKafkaSettings(createConfigDir(t, { 'kafka.config': text }).env).unreadKeys;
  assert.equal(read(librdkafka.replace('session.timeout.ms=45000\n', '')), undefined);
  assert.deepEqual(read('bootstrap.servers=b:1\nsecurity=SASL_SSL\n'), ['security']);
  assert.deepEqual(read('bootstrap.servers=b:1\nssl.keystore.password=x\n[consumer]\ngroup.id=g\n'), [
    'ssl.keystore.password',
    'group.id',
  ]);
  assert.deepEqual(read(java), [
    'client.dns.lookup',
    'session.timeout.ms',
    'acks',
    'client.id',
    'schema.registry.url',
    'basic.auth.credentials.source',
    'basic.auth.user.info',
  ]);
});

const ssl = 'bootstrap.servers=b:1\nsecurity.protocol=SASL_SSL\n';
const refused: [what: string, text: string, message: RegExp][] = [
  ['no brokers', 'security.protocol=PLAINTEXT', /bootstrap\.servers: found nothing, expected host:port/],
  ['brokers without a port', 'bootstrap.servers=kafka', /bootstrap\.servers: found "kafka", expected host:port/],
  ['an empty value', 'bootstrap.servers=', /bootstrap\.servers: found "", expected host:port/],
  [
    'an unknown protocol',
    'bootstrap.servers=b:1\nsecurity.protocol=TLS',
    /security\.protocol: found "TLS", expected one of/,
  ],
  ['a slip in a key', `${ssl}sasl.usernme=KEY7\nsasl.password=x`, /sasl\.usernme: .*sasl\.username was probably meant/],
  [
    'the name of an environment variable',
    'bootstrap.servers=b:1\nKAFKA_SECURITY_PROTOCOL=SASL_SSL',
    /KAFKA_SECURITY_PROTOCOL: .*expected the key security\.protocol/,
  ],
  [
    'another separator in a key',
    'bootstrap.servers=b:1\nsecurity_protocol=SASL_SSL',
    /security_protocol: .*security\.protocol was probably meant/,
  ],
  [
    'a key of another file',
    'bootstrap.servers=b:1\nKSQLDB_API_KEY=geheim',
    /KSQLDB_API_KEY: .*expected the key KSQLDB_API_KEY in config\/ksqldb\.config/,
  ],
  [
    'a login without SASL',
    'bootstrap.servers=b:1\nsasl.username=KEY7\nsasl.password=x',
    /security\.protocol: found nothing, expected SASL_SSL/,
  ],
  ['a user without a password', `${ssl}sasl.username=KEY7`, /sasl\.password: found nothing, expected the API secret/],
  ['SASL without a login', ssl, /sasl\.username: found nothing, expected the API key/],
  [
    'a JAAS line that is none',
    `${ssl}sasl.jaas.config=KEY7:geheim`,
    /sasl\.jaas\.config: found a value that is not shown/,
  ],
  [
    'two different users',
    `${java}sasl.username=OTHER`,
    /sasl\.username: found "OTHER", expected the user name of sasl\.jaas\.config/,
  ],
  [
    'a mechanism that kafkajs lacks',
    `${ssl}sasl.mechanism=GSSAPI\nsasl.username=a\nsasl.password=b`,
    /sasl\.mechanism: found "GSSAPI", expected one of PLAIN/,
  ],
  [
    'a Java key store',
    `${ssl}ssl.truststore.location=ca.jks`,
    /ssl\.truststore\.location: found "ca\.jks", expected a PEM file/,
  ],
  [
    'a certificate that is not there',
    `${ssl}ssl.ca.location=no.pem`,
    /ssl\.ca\.location: found "no\.pem", expected the path of a readable PEM/,
  ],
];

for (const [what, text, message] of refused)
  test(`refuses ${what} in one line that names file, key and expectation`, (t) => {
    const { env } = createConfigDir(t, { 'kafka.config': text });
    assert.throws(
      () => readKafkaSettings(env),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, /^config\/kafka\.config: /);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /geheim|s3cr|\n/);
        return true;
      },
    );
  });

test('an error in a value of the environment names the environment', (t) => {
  const { env } = createConfigDir(t, { 'kafka.config': librdkafka });
  assert.throws(
    () => readKafkaSettings({ ...env, KAFKA_BOOTSTRAP_SERVERS: 'nowhere' }),
    /^SettingError: environment: KAFKA_BOOTSTRAP_SERVERS: found "nowhere"/,
  );
});
