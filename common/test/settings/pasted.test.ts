import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readKafkaSettings } from '../../src/settings/kafka-settings.ts';
import { readKsqldbSettings } from '../../src/settings/ksqldb-settings.ts';
import { SettingError } from '../../src/settings/setting-error.ts';
import { createConfigDir } from './config-dir.ts';

// What people paste into kafka.config and ksqldb.config: each form is read rightly, or refused with file, key, what was
// found, what was expected and so what to do.

const secret = 'cflt/Secr3t+x=';
const jaas = (quote: string) =>
  `org.apache.kafka.common.security.plain.PlainLoginModule required username=${quote}KEY7${quote} password=${quote}${secret}${quote};`;
const address = 'bootstrap.servers=pkc-1.confluent.cloud:9092\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n';
const login = `sasl.username=KEY7\nsasl.password=${secret}\n`;
const ksqldb = 'KSQLDB_ENDPOINT=https://pksqlc-1.confluent.cloud:443\n';

const read: [what: string, text: string | Buffer][] = [
  ['as it is', address + login],
  ['a byte order mark', `\uFEFF${address}${login}`],
  ['Windows line ends', (address + login).replaceAll('\n', '\r\n')],
  ['a colon in place of =', (address + login).replaceAll('=', ': ').replace('x: ', 'x=')],
  ['blanks around =', (address + login).replaceAll(/^([\w.]+)=/gm, '$1 = ')],
  ['the same line twice', address + login + login],
  ['a value that goes on after \\', `${address}sasl.jaas.config=${jaas('"').replaceAll(/ (?=[up])/g, ' \\\n    ')}\n`],
  [
    'a value that goes on after \\, with Windows line ends',
    `${address}sasl.jaas.config=${jaas("'").replace(' required', ' \\\r\n  required')}\n`,
  ],
  ['a JAAS line in single quotes', `${address}sasl.jaas.config='${jaas('"')}'\n`],
  ['a JAAS line in double quotes, its own ones as they are', `${address}sasl.jaas.config="${jaas('"')}"\n`],
  ['a JAAS line from a shell', `${address}export sasl.jaas.config="${jaas('\\"')}"\n`],
  ['a JAAS line from YAML', `${address}sasl.jaas.config: "${jaas('\\"')}"\n`],
  ['a JAAS line from JSON', `${address}  "sasl.jaas.config": ${JSON.stringify(jaas('"'))},\n`],
  ['a JAAS line from JSON without the quotes around it', `${address}sasl.jaas.config=${jaas('\\"')}\n`],
  [
    'the section [default] of getting_started.ini',
    `[default]\n${address}${login}\n[consumer]\ngroup.id=python_group_1\n`,
  ],
  ['comments of .properties and .ini files', `! Java\n; ini\n# both\n${address}${login}`],
];

for (const [what, text] of read)
  test(`kafka.config is read: ${what}`, (t) => {
    const { env } = createConfigDir(t, { 'kafka.config': '' });
    writeFileSync(path.join(env['CONFIG_DIR'] ?? '', 'kafka.config'), text);
    const { brokers, sasl, tls } = readKafkaSettings(env);
    assert.deepEqual(brokers, ['pkc-1.confluent.cloud:9092']);
    assert.deepEqual(sasl, { mechanism: 'plain', username: 'KEY7', password: secret });
    assert.deepEqual(tls, { checkHostName: true });
  });

test('kafka.config is read: nothing after ssl.endpoint.identification.algorithm= skips the check, as in Java', (t) => {
  for (const value of ['', ' ', 'none']) {
    const { env } = createConfigDir(t, {
      'kafka.config': `${address}${login}ssl.endpoint.identification.algorithm=${value}\n`,
    });
    assert.equal(readKafkaSettings(env).tls?.checkHostName, false);
  }
});

test('kafka.config is read: # in a value counts as in Java and librdkafka', (t) => {
  const { env } = createConfigDir(t, {
    'kafka.config': `${address}sasl.username=KEY7\nsasl.password=a#b # the secret\n`,
  });
  assert.equal(readKafkaSettings(env).sasl?.password, 'a#b');
});

test('ksqldb.config is read: a slash at the end of the address', (t) => {
  const { env } = createConfigDir(t, { 'ksqldb.config': ksqldb.replace(':443', ':443/') });
  assert.equal(readKsqldbSettings(env).endpoint, 'https://pksqlc-1.confluent.cloud:443');
});

const keyFile = `=== Confluent Cloud API key: lkc-1 ===\n\nAPI key:\nKEY7\n\nAPI secret:\n${secret}\n\nBootstrap server:\npkc-1.confluent.cloud:9092\n`;

const refusedKafka: [what: string, text: string | Buffer, message: RegExp][] = [
  ['UTF-16', Buffer.from(`\uFEFF${address}${login}`, 'utf16le'), /\(the file\): found "UTF-16", expected UTF-8: save/],
  ['UTF-16 without its mark', Buffer.from(address + login, 'utf16le'), /found "UTF-16 or binary data", expected UTF-8/],
  [
    'Latin-1',
    Buffer.from(`${address}sasl.username=Jürgen\n`, 'latin1'),
    /found "another encoding than UTF-8", expected UTF-8/,
  ],
  [
    'curly quotes',
    `${address}sasl.jaas.config=${jaas('”')}\n`,
    /sasl\.jaas\.config \(line 4\): found "\(a curly quote at column 92\)", expected plain characters/,
  ],
  [
    'a zero-width space',
    `${address}sasl.username=\u200BKEY7\n`,
    /sasl\.username \(line 4\): found "\(a zero-width space at column 15\)"/,
  ],
  [
    'a no-break space',
    `${address}sasl.username=KEY7\nsasl.password=cflt/Se\u00A0cr3t\n`,
    /sasl\.password \(line 5\): found "\(a no-break space at column 22\)"/,
  ],
  [
    'a zero-width space in a key',
    `\u200Bbootstrap.servers=b:1\n`,
    /line 1: found "\(a zero-width space at column 1\)"/,
  ],
  [
    'a right-to-left mark on a continued line',
    `${address}sasl.username=\\\n  \u200FKEY7\n`,
    /line 5: found "\(an invisible character at column 3\)"/,
  ],
  [
    'the placeholder of a template',
    `${address}sasl.username={{ CLUSTER_API_KEY }}\nsasl.password=x\n`,
    /sasl\.username: found "\{\{ CLUSTER_API_KEY \}\}", expected your own value: this is still a placeholder/,
  ],
  [
    'the placeholder of a template in a JAAS line',
    `${address}sasl.jaas.config=${jaas("'").replace('KEY7', '{{ CLUSTER_API_KEY }}')}\n`,
    /sasl\.jaas\.config: found a value that is not shown, expected your own value: this is still a placeholder/,
  ],
  [
    'a placeholder in a JAAS line',
    `${address}sasl.jaas.config=${jaas("'").replace(secret, '<API secret>')}\n`,
    /sasl\.jaas\.config: .*still a placeholder/,
  ],
  [
    'the placeholder of config/kafka.config',
    `${address}sasl.username=<API key>\nsasl.password=x\n`,
    /sasl\.username: found "<API key>", .*still a placeholder/,
  ],
  [
    'a placeholder in square brackets',
    `${address}sasl.username=KEY7\nsasl.password=[API Secret]\n`,
    /sasl\.password: found a value that is not shown, .*still a placeholder/,
  ],
  [
    'the placeholder of an address',
    login + address.replace(/pkc-1\S*/, '{{ BROKER_ENDPOINT }}'),
    /bootstrap\.servers: .*still a placeholder/,
  ],
  [
    'two values for one key',
    `${address}${login}sasl.username=OTHER\n`,
    /sasl\.username: found "\(another value on line 6\)", expected one value: delete one of the two lines/,
  ],
  [
    'settings in another section',
    `[kafka]\n${address}${login}`,
    /bootstrap\.servers: found "\(in section \[kafka\]\)", expected this line above the first section, or in \[default\]/,
  ],
  [
    'spring.kafka.properties',
    `spring.kafka.properties.security.protocol=SASL_SSL\n`,
    /spring\.kafka\.properties\.security\.protocol: found "\(this key\)", expected the key security\.protocol/,
  ],
  [
    'spring.kafka.bootstrap-servers',
    'spring.kafka.bootstrap-servers=b:1\n',
    /spring\.kafka\.bootstrap-servers: .*expected the key bootstrap\.servers/,
  ],
  [
    'a downloaded API key',
    keyFile,
    /line 1: found "\(the text of a downloaded API key\)", expected sasl\.username=\(the value below "API key"\) and sasl\.password=/,
  ],
  [
    "the original demo's ksql.endpoint",
    `${address}ksql.endpoint=https://h/query\n`,
    /ksql\.endpoint: .*expected the key KSQLDB_ENDPOINT in config\/ksqldb\.config/,
  ],
  ['JSON', `{\n  "bootstrap.servers": "b:1"\n}\n`, /line 1: found "\(JSON\)", expected KEY=VALUE/],
  ['a \\ with nothing after it', `bootstrap.servers=b:1 \\`, /line 1: found .* expected one more line/],
];

const refusedKsqldb: [what: string, text: string, message: RegExp][] = [
  [
    'a secret without its key',
    `${ksqldb}KSQLDB_API_SECRET=${secret}\n`,
    /KSQLDB_API_KEY: found nothing, expected the key that belongs to KSQLDB_API_SECRET/,
  ],
  [
    'a key without its secret',
    `${ksqldb}KSQLDB_API_KEY=KEY7\n`,
    /KSQLDB_API_SECRET: found nothing, expected the secret that belongs to KSQLDB_API_KEY/,
  ],
  [
    'the path /query',
    ksqldb.replace(':443', ':443/query'),
    /KSQLDB_ENDPOINT: found "https:\/\/pksqlc-1.*\/query", expected the address without a path: https:\/\/pksqlc-1\.confluent\.cloud:443$/,
  ],
  [
    'the path /ksql',
    ksqldb.replace(':443', ':443/ksql/'),
    /expected the address without a path: https:\/\/pksqlc-1\.confluent\.cloud:443$/,
  ],
  ['a downloaded API key', keyFile, /expected KSQLDB_API_KEY=\(the value below "API key"\) and KSQLDB_API_SECRET=/],
  [
    "the original demo's ksql.endpoint",
    'ksql.endpoint=https://h/query\n',
    /ksql\.endpoint: .*expected the key KSQLDB_ENDPOINT$/,
  ],
  [
    "the original demo's ksql.auth.api.key",
    `${ksqldb}ksql.auth.api.key=KEY7\n`,
    /ksql\.auth\.api\.key: .*expected the key KSQLDB_API_KEY$/,
  ],
  [
    "the original demo's ksql.auth.secret",
    `${ksqldb}ksql.auth.secret=${secret}\n`,
    /ksql\.auth\.secret: .*expected the key KSQLDB_API_SECRET$/,
  ],
  [
    'a placeholder',
    `${ksqldb}KSQLDB_API_KEY=<API key>\nKSQLDB_API_SECRET=x\n`,
    /KSQLDB_API_KEY: .*still a placeholder/,
  ],
];

const refused = [
  ...refusedKafka.map((row) => ['kafka.config', readKafkaSettings, ...row] as const),
  ...refusedKsqldb.map((row) => ['ksqldb.config', readKsqldbSettings, ...row] as const),
];

for (const [file, readSettings, what, text, message] of refused)
  test(`${file} is refused: ${what}`, (t) => {
    const { env } = createConfigDir(t, { [file]: '' });
    writeFileSync(path.join(env['CONFIG_DIR'] ?? '', file), text);
    assert.throws(
      () => readSettings(env),
      (error: unknown) => {
        assert.ok(error instanceof SettingError);
        assert.match(error.message, message);
        assert.match(error.message, new RegExp(`^config/${file}: .+: found .+, expected .+`));
        assert.ok(!error.message.includes(secret) && !error.message.includes('\n'), error.message);
        return true;
      },
    );
  });

test('the environment is checked as the files are', (t) => {
  const { env } = createConfigDir(t, { 'kafka.config': address + login });
  assert.throws(
    () => readKafkaSettings({ ...env, KAFKA_SASL_USERNAME: 'KEY\u200B7' }),
    /^SettingError: environment: KAFKA_SASL_USERNAME: found "\(a zero-width space at column 4\)"/,
  );
  assert.throws(
    () => readKafkaSettings({ ...env, KAFKA_SASL_PASSWORD: '<secret>' }),
    /KAFKA_SASL_PASSWORD: .*placeholder/,
  );
});
