import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTopics, SettingError, settingExitCode, shopTopicNames } from '@shop/common';
import { findService, listServices, readCompose } from '@shop/local';
import { listKeys, readAll, readWebsocketSettings, services } from './services.ts';
import { wrongValues } from './wrong-values.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const compose = readCompose(checkout, {});
/** Shorter names are too near to one another to be guessed. */
const guessableLength = 8;

/** How an error shows the value of a setting. */
const shown = (key: string, value: string) =>
  key.endsWith('_TOKEN') ? 'a value that is not shown' : JSON.stringify(value);

/** Node itself reads it. */
const nodeOptions = 'NODE_OPTIONS';

function refusal(name: string, env: NodeJS.ProcessEnv, reads = services[name] ?? []): string {
  try {
    readAll(reads, env);
  } catch (error) {
    assert.ok(error instanceof SettingError, `${name}: ${JSON.stringify(env)}: ${String(error)}`);
    assert.ok(!error.message.includes('\n'), 'one line');
    return error.message;
  }
  return assert.fail(`${name} takes ${JSON.stringify(env)}`);
}

test('the table has every service that docker-compose.yml builds', () => {
  assert.deepEqual(Object.keys(services).toSorted(), [...listServices(compose), 'ksqldb-embedded'].toSorted());
});

test('docker-compose.yml sets nothing that a service does not read, and every value is valid', () => {
  for (const [name, reads] of Object.entries(services)) {
    const { environment } = findService(compose, name);
    const unread = Object.keys(environment).filter((key) => key !== nodeOptions && !listKeys(reads).includes(key));
    assert.deepEqual(unread, [], name);
    readAll(reads, environment);
  }
});

test('websocket serves every topic of the shop, but not the notes of the registrar', () => {
  const inCompose = Object.keys(services).flatMap((name) =>
    Object.entries(findService(compose, name).environment).flatMap(([key, value]) =>
      key.endsWith('_TOPIC') ? value : [],
    ),
  );
  const { repairs, ...topics } = readTopics({});
  const byDefault = Object.values(topics).map(({ topic }) => topic);
  const { TOPICS: served } = readWebsocketSettings(findService(compose, 'websocket').environment);
  assert.deepEqual(served, shopTopicNames);
  assert.deepEqual(
    [...inCompose, ...byDefault].filter((topic) => topic !== repairs.topic && !served.includes(topic)),
    [],
  );
});

test('the heap of every service is half of what its container may have', () => {
  // Node's own limit is 259 MB in any container below 512 MB: the kernel would kill it before Node collects garbage.
  for (const name of Object.keys(services)) {
    const { environment, memoryMb = 0 } = findService(compose, name);
    assert.equal(environment[nodeOptions], `--max-old-space-size=${memoryMb / 2}`, name);
  }
});

for (const [name, reads] of Object.entries(services))
  test(`${name}: an invalid value is refused with file, key, what was found and what was expected`, () => {
    for (const key of listKeys(reads)) {
      assert.ok(wrongValues[key], `wrong-values.ts has nothing for ${key}`);
      for (const value of wrongValues[key]) {
        const message = refusal(name, { [key]: value });
        assert.ok(
          message.includes(`${key}: found ${shown(key, value)}`) || message.includes(`no more than ${key}`),
          message,
        );
        assert.ok(message.startsWith('docker-compose.yml (environment): '), message);
        assert.match(message, /expected \S/);
      }
    }
  });

for (const [name, reads] of Object.entries(services))
  test(`${name}: settings that are wrong together are all named`, () => {
    for (const read of reads) {
      const keys = listKeys([read]);
      const message = refusal(name, Object.fromEntries(keys.map((key) => [key, wrongValues[key]?.[0]])), [read]);
      for (const key of keys) assert.ok(message.includes(`${key}: found `), `${key}: ${message}`);
    }
  });

for (const [name, reads] of Object.entries(services))
  test(`${name}: a misspelt name is refused, and the error suggests the right one`, () => {
    for (const key of listKeys(reads).filter(({ length }) => length >= guessableLength)) {
      const slip = `${key.slice(0, 3)}${key.slice(4)}`;
      assert.match(
        refusal(name, { [slip]: '1' }),
        new RegExp(`${slip}: found ${shown(key, '1')}, expected no such setting; ${key} was`),
      );
    }
  });

test('the table has nothing that no service reads', () => {
  const known = new Set(Object.values(services).flatMap(listKeys));
  assert.deepEqual(
    Object.keys(wrongValues).filter((key) => !known.has(key)),
    [],
  );
});

for (const name of Object.keys(services))
  test(`${name} that was started with a wrong setting ends with one line and exit code ${settingExitCode}`, () => {
    const folder = path.join(checkout, findService(compose, name).folder ?? name);
    const args = ['--import', 'tsx', 'src/main.ts', ...(name === 'ksqldb-embedded' ? ['--kafka', '127.0.0.1:1'] : [])];
    const env = { ...process.env, HEALTH_PORT: 'x'.repeat(3), LOG_LEVEL: 'info' };
    const { status, stdout } = spawnSync(process.execPath, args, {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    const lines = stdout.trim().split('\n');
    assert.equal(status, settingExitCode, stdout);
    assert.equal(lines.length, 1, stdout);
    assert.match(lines[0] ?? '', /HEALTH_PORT.*xxx.*a whole number from 0 to 65535/);
  });
