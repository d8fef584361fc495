import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPostgresSettings } from '../../src/settings/postgres-settings.ts';
import { createConfigDir } from './config-dir.ts';

const complete = {
  POSTGRES_HOST: 'db',
  POSTGRES_PORT: '5432',
  POSTGRES_DB: 'dummy',
  SHOP_USER: 'shop',
  SHOP_PASSWORD: 'geheim',
  DEBEZIUM_USER: 'debezium',
  DEBEZIUM_PASSWORD: 'geheim too',
  AUDIT_USER: 'audit',
  AUDIT_PASSWORD: 'geheim, three',
};
const write = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

test('reads address and logins, and lets the environment win', (t) => {
  const { env } = createConfigDir(t, { 'postgres.config': write(complete) });
  const settings = readPostgresSettings({ ...env, POSTGRES_HOST: '127.0.0.1', POSTGRES_PORT: '15432' });
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.port, 15432);
  assert.equal(settings.database, 'dummy');
  assert.deepEqual(settings.shop, { user: 'shop', password: 'geheim' });
  assert.deepEqual(settings.debezium, { user: 'debezium', password: 'geheim too' });
  assert.deepEqual(settings.audit, { user: 'audit', password: 'geheim, three' });
});

for (const key of Object.keys(complete))
  test(`refuses a file without ${key}`, (t) => {
    const { [key as keyof typeof complete]: _, ...rest } = complete;
    const { env } = createConfigDir(t, { 'postgres.config': write(rest) });
    assert.throws(
      () => readPostgresSettings(env),
      new RegExp(`config/postgres.config: ${key}: found nothing, expected`),
    );
  });

for (const port of ['0', '65536', 'five', '54 32'])
  test(`refuses the port ${port}`, (t) => {
    const { env } = createConfigDir(t, { 'postgres.config': write({ ...complete, POSTGRES_PORT: port }) });
    assert.throws(() => readPostgresSettings(env), /POSTGRES_PORT: found ".*", expected a port from 1 to 65535/);
  });

for (const key of ['POSTGRES_USER', 'DEBEZIUM_LOGIN', 'SHOP_DATABASE', 'PGHOST'])
  test(`refuses the unknown key ${key}, and lists the known ones`, (t) => {
    const { env } = createConfigDir(t, { 'postgres.config': write({ ...complete, [key]: 'geheim' }) });
    assert.throws(
      () => readPostgresSettings(env),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        const expected = Object.keys(complete).join(', ');
        assert.equal(error.message, `config/postgres.config: ${key}: found "(this key)", expected one of ${expected}`);
        return true;
      },
    );
  });
