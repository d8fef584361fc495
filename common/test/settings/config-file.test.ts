import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfigFile } from '../../src/settings/config-file.ts';
import { SettingError } from '../../src/settings/setting-error.ts';
import { createConfigDir } from './config-dir.ts';

test('reads keys with dots, quoted values, comments and Windows line ends', (t) => {
  const { env } = createConfigDir(t, {
    'a.config':
      '\uFEFF# first\r\nbootstrap.servers=a:1,b:2\r\nSECRET="with # inside"\r\nplain=value # a comment\r\nempty=\r\n',
  });
  assert.deepEqual(readConfigFile('a.config', env).values, {
    'bootstrap.servers': 'a:1,b:2',
    SECRET: 'with # inside',
    plain: 'value',
    empty: '',
  });
});

const refused: [what: string, text: string, key: RegExp, fix: RegExp][] = [
  [
    '# after a blank, which may be a comment',
    'sasl.password=abc #def',
    /sasl\.password/,
    /in quotes, because it contains #/,
  ],
  ['a value that starts with #', 'sasl.password=#abc', /sasl\.password/, /in quotes/],
  ['a line without =', 'a=1\nbootstrap.servers localhost:9092', /line 2/, /KEY=VALUE/],
  ['an open quote', 'a="one\ntwo"', /a: /, /closing "/],
  ['two values for one key', 'a=1\nb=2\na=3', /a: .*line 3/, /one value/],
  ['text after a closing quote', 'a="one" two', /a: /, /closing "/],
];

for (const [what, text, key, fix] of refused)
  test(`refuses ${what}, and names the fix`, (t) => {
    const { env } = createConfigDir(t, { 'a.config': text });
    assert.throws(
      () => readConfigFile('a.config', env),
      (error: unknown) => {
        assert.ok(error instanceof SettingError);
        assert.match(error.message, /^config\/a\.config: /);
        assert.match(error.message, key);
        assert.match(error.message, fix);
        assert.doesNotMatch(error.message, /abc|localhost|\n/, 'the value may be a secret and is not shown');
        return true;
      },
    );
  });

test('a key given twice with the same value is accepted', (t) => {
  const { env } = createConfigDir(t, { 'a.config': 'a=1\na=1' });
  assert.deepEqual(readConfigFile('a.config', env).values, { a: '1' });
});

test('a missing file is named with the place where it was looked for', (t) => {
  const { env, dir } = createConfigDir(t, {});
  assert.throws(() => readConfigFile('kafka.config', env), new RegExp(`config/kafka.config: .*${dir}`));
});

test('the files that are shipped are read without complaint', () => {
  for (const name of ['kafka.config', 'ksqldb.config', 'postgres.config']) assert.ok(readConfigFile(name, {}).values);
});
