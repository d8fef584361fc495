import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findFreePort, makeTestFolder, startServiceProcess } from '@shop/test-support';
import type { ReportSnapshot } from '../../src/service/report.ts';

/** Runs small-service.ts. */
const startService = (env: Record<string, string>) =>
  startServiceProcess(new URL('./small-service.ts', import.meta.url), env);

/** Fails unless lines with these messages were logged in this order, by their times. */
function assertLogged(output: string, ...messages: RegExp[]) {
  const lines = output.split('\n').filter(Boolean);
  const times = messages.map((message) => {
    const line = lines.find((each) => message.test(each));
    assert.ok(line, `${message} is in ${output}`);
    return String(JSON.parse(line).time);
  });
  assert.deepEqual(times, times.toSorted(), output);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} closes in reverse and ends with code 0`, async () => {
    const service = startService({});
    await service.said('ready');
    service.kill(signal);
    assert.equal(await service.ended, 0);
    assertLogged(service.output(), /closed second/, /closed first/, /stopped/);
  });

test('a start that fails closes what was opened and ends with code 1', async () => {
  const service = startService({ FAIL_START: 'true' });
  assert.equal(await service.ended, 1);
  assertLogged(service.output(), /closed second/, /closed first/);
  assert.match(service.output(), /the start failed/);
});

test('an invalid setting ends with code 78 and one line', async () => {
  const service = startService({ LIMIT: 'many' });
  assert.equal(await service.ended, 78);
  const fatal = service
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":"fatal"'));
  assert.equal(fatal.length, 1);
  assert.match(fatal[0] ?? '', /LIMIT: found \\"many\\", expected a whole number/);
});

test('in a container, a service with a wrong setting stays up until a config file changes', async (t) => {
  const dir = makeTestFolder(t);
  const port = await findFreePort();
  const waiting = { LIMIT: 'many', ON_SETTING_ERROR: 'wait', CONFIG_DIR: dir, HEALTH_PORT: String(port) };
  const service = startService(waiting);
  await service.said('waiting for a change of the config files');
  assertLogged(service.output(), /"level":"fatal".*LIMIT/, /closed second/, /closed first/);
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  const { state, last_error: error } = (await answer.json()) as ReportSnapshot;
  assert.deepEqual([answer.status, state], [503, 'failed']);
  assert.match(error?.message ?? '', /LIMIT: found "many", expected a whole number/);
  writeFileSync(path.join(dir, 'kafka.config'), 'bootstrap.servers=b:1\n');
  assert.equal(await service.ended, 78);
});

test('a service that waits for a change of its settings ends at SIGTERM', async () => {
  const service = startService({ LIMIT: 'many', ON_SETTING_ERROR: 'wait' });
  await service.said('waiting for a change of the config files');
  assert.equal(await service.end(), 0);
});

test('a setting that turns out wrong later ends with code 78, too', async () => {
  const service = startService({ FAIL_LATER: 'true', FAIL_AS_SETTING: 'true' });
  assert.equal(await service.ended, 78);
  assertLogged(service.output(), /"level":"fatal"[^\n]*broken/, /closed second/, /closed first/);
});

test('an error while running closes everything and ends with code 1', async () => {
  const service = startService({ FAIL_LATER: 'true' });
  assert.equal(await service.ended, 1);
  assertLogged(service.output(), /ending because of an error/, /closed second/, /closed first/);
});

test('a second signal ends a service that hangs in closing', async () => {
  const service = startService({ HANG: 'true' });
  await service.said('ready');
  service.kill('SIGTERM');
  await service.said('stopping');
  assert.equal(await service.end(), 1);
});

test('a closer that hangs is logged, and the process ends within the grace time', async () => {
  const service = startService({ HANG: 'true', SHUTDOWN_GRACE_MS: '400' });
  await service.said('ready');
  assert.equal(await service.end(), 0);
  assert.match(service.output(), /something did not close in time and is left/);
});

test('a signal during the start ends the start', async () => {
  const service = startService({ WAIT_IN_START: 'true' });
  await service.said('waiting for a dependency');
  assert.equal(await service.end(), 0);
  assertLogged(service.output(), /closed second/, /closed first/);
});
