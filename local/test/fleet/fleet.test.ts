import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTestFolder, until } from '@shop/test-support';
import { createFleet } from '../../src/fleet/fleet.ts';
import type { ProcessPlan } from '../../src/fleet/supervise.ts';
import { isRunning } from '../../src/os/identity.ts';
import { openRunFiles } from '../../src/os/run-file.ts';
import { type RunningProcess, startProcess } from '../../src/os/start-process.ts';
import { buildPage } from '../../src/processes/build-page.ts';
import type { ProcessHost } from '../../src/processes/process-host.ts';
import { waitUntilUp } from '../../src/processes/wait-until-up.ts';

function createTestFleet(t: TestContext, folder: string, plans: ProcessPlan[]) {
  const run = path.join(folder, 'run');
  mkdirSync(run);
  const said: string[] = [];
  const ending = new AbortController();
  const fleet = createFleet(plans, {
    logFolder: folder,
    runFiles: openRunFiles(run),
    say: (text) => said.push(text),
    giveUp: (error) => ending.abort(error),
    signal: ending.signal,
  });
  t.after(() => fleet.kill());
  return { fleet, said, run, ending };
}

/** A sleeping process, recorded in `processes`. */
function startSleeper(folder: string, host: ProcessHost, processes: RunningProcess[]): RunningProcess {
  const running = startProcess({
    command: 'sleep',
    args: ['300'],
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    ending: { signal: 'SIGTERM', graceMs: 5_000 },
    host,
  });
  processes.push(running);
  return running;
}

test('a stop ends running and starting processes, starts no others, and leaves none', async (t) => {
  const folder = makeTestFolder(t);
  const processes: RunningProcess[] = [];
  const begun: string[] = [];
  const plan = (name: string, needs: string[], start: ProcessPlan['start']): ProcessPlan => ({
    name,
    needs,
    stopStage: 0,
    start(host) {
      begun.push(name);
      return start(host);
    },
  });
  const { fleet, said, run, ending } = createTestFleet(t, folder, [
    plan('up', [], async (host) => startSleeper(folder, host, processes)),
    plan('starting', [], async (host) => {
      const running = startSleeper(folder, host, processes);
      await waitUntilUp(host, running, { check: () => Promise.reject(new Error('not up yet')) });
      return running;
    }),
    plan('waiting', ['starting'], async (host) => startSleeper(folder, host, processes)),
  ]);
  const starting = fleet.start();
  await until('a process that is up', () => said.some((text) => text.startsWith('up is up')) && processes.length === 2);
  ending.abort();
  await fleet.stop();
  await starting;
  assert.deepEqual(begun, ['up', 'starting']);
  assert.deepEqual(processes.filter(isRunning), []);
  assert.deepEqual(readdirSync(run), []);
  assert.match(said.at(-2) ?? '', /^stopped the start of starting \(/);
  assert.match(said.at(-1) ?? '', /^stopped up \(/);
});

test('a process starts after those that it needs, in any order of the plans', async (t) => {
  const folder = makeTestFolder(t);
  const begun: string[] = [];
  const plan = (name: string, needs: string[]): ProcessPlan => ({
    name,
    needs,
    stopStage: 0,
    async start(host) {
      begun.push(name);
      return startSleeper(folder, host, []);
    },
  });
  const { fleet } = createTestFleet(t, folder, [
    plan('updater', ['connector']),
    plan('connector', ['kafka']),
    plan('kafka', []),
  ]);
  await fleet.start();
  assert.deepEqual(begun, ['kafka', 'connector', 'updater']);
  await fleet.stop();
});

test('a stop ends the build of a page, and the service does not start', async (t) => {
  const folder = makeTestFolder(t);
  mkdirSync(path.join(folder, 'page'));
  const begun = path.join(folder, 'begun');
  // The build starts a child process, as vite starts esbuild.
  writeFileSync(
    path.join(folder, 'page', 'build.mjs'),
    `import { spawn } from 'node:child_process';
     import { writeFileSync } from 'node:fs';
     spawn('sleep', ['300'], { stdio: 'ignore' });
     writeFileSync(${JSON.stringify(begun)}, '');
     setInterval(() => {}, 1_000);`,
  );
  const processes: RunningProcess[] = [];
  const services: RunningProcess[] = [];
  const { fleet, run, ending } = createTestFleet(t, folder, [
    {
      name: 'websocket',
      needs: [],
      stopStage: 0,
      async start(host) {
        await buildPage(folder, {
          ...host,
          onProcess(running, how) {
            processes.push(running);
            host.onProcess?.(running, how);
          },
        });
        return startSleeper(folder, host, services);
      },
    },
  ]);
  const starting = fleet.start();
  await until('the build to begin', () => existsSync(begun));
  assert.deepEqual(readdirSync(run), ['websocket.json'], 'the next start finds a build that a killed one has left');
  ending.abort();
  await fleet.stop();
  await starting;
  assert.equal(processes.length, 1);
  assert.deepEqual(processes.filter(isRunning), []);
  assert.deepEqual(services, []);
});
