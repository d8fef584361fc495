import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKsqldbSettings } from '../../src/settings/ksqldb-settings.ts';
import { createConfigDir } from './config-dir.ts';

test('reads endpoint and login', (t) => {
  const { env } = createConfigDir(t, {
    'ksqldb.config': 'KSQLDB_ENDPOINT=https://pksqlc-1.eu.confluent.cloud:443/\nKSQLDB_API_KEY=K\nKSQLDB_API_SECRET=S',
  });
  const { endpoint, auth } = readKsqldbSettings(env);
  assert.equal(endpoint, 'https://pksqlc-1.eu.confluent.cloud:443');
  assert.deepEqual(auth, { username: 'K', password: 'S' });
});

const refused: [what: string, text: string, message: RegExp][] = [
  ['no endpoint', '', /KSQLDB_ENDPOINT: found nothing/],
  [
    'an endpoint without http',
    'KSQLDB_ENDPOINT=ksqldb:8088',
    /KSQLDB_ENDPOINT: found "ksqldb:8088", expected an address/,
  ],
  ['a login inside the address', 'KSQLDB_ENDPOINT=http://u:geheim@h:1', /KSQLDB_ENDPOINT: .*a login in it/],
  ['a key without secret', 'KSQLDB_ENDPOINT=http://h:1\nKSQLDB_API_KEY=K', /KSQLDB_API_SECRET: found nothing/],
  [
    'names of other programs, which would leave the login out',
    'KSQLDB_ENDPOINT=http://h:1\nKSQLDB_KEY=geheim\nKSQLDB_SECRET=geheim',
    /^config\/ksqldb\.config: KSQLDB_KEY: found "\(this key\)", expected one of KSQLDB_ENDPOINT, KSQLDB_API_KEY, KSQLDB_API_SECRET, KSQLDB_CA_LOCATION; also KSQLDB_SECRET: /,
  ],
  [
    'a key without its prefix',
    'KSQLDB_ENDPOINT=http://h:1\nAPI_KEY=K',
    /API_KEY: found "\(this key\)", expected one of KSQLDB_ENDPOINT/,
  ],
  [
    'a key of another file',
    'KSQLDB_ENDPOINT=http://h:1\nPOSTGRES_HOST=db',
    /POSTGRES_HOST: .*expected the key POSTGRES_HOST in config\/postgres\.config/,
  ],
  [
    'a known key in small letters',
    'ksqldb_endpoint=http://h:1',
    /ksqldb_endpoint: .*KSQLDB_ENDPOINT was probably meant/,
  ],
  ['a slip', 'KSQLDB_ENDPOINTS=http://h:1', /KSQLDB_ENDPOINTS: .*KSQLDB_ENDPOINT was probably meant/],
];

for (const [what, text, message] of refused)
  test(`refuses ${what}`, (t) => {
    const { env } = createConfigDir(t, { 'ksqldb.config': text });
    assert.throws(
      () => readKsqldbSettings(env),
      (error: unknown) => error instanceof Error && message.test(error.message) && !error.message.includes('geheim'),
    );
  });
