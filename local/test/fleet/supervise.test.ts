import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '@shop/test-support';
import { superviseProcess } from '../../src/fleet/supervise.ts';
import { isRunning } from '../../src/os/identity.ts';
import { openRunFiles } from '../../src/os/run-file.ts';
import { type RunningProcess, startProcess } from '../../src/os/start-process.ts';
import { waitUntilUp } from '../../src/processes/wait-until-up.ts';

/** Supervises a shell script that is up when `check` resolves, and records messages, starts and errors. */
function superviseShell(t: TestContext, script: string, check = async (_folder: string) => {}, cwd = '.') {
  const folder = mkdtempSync(path.join(tmpdir(), 'supervise-'));
  const run = path.join(folder, 'run');
  mkdirSync(run);
  const said: string[] = [];
  const givenUp: Error[] = [];
  const started: RunningProcess[] = [];
  const program = superviseProcess(
    {
      name: 'program',
      needs: [],
      stopStage: 0,
      start: async (host) => {
        const running = startProcess({
          command: 'sh',
          args: ['-c', script],
          cwd: path.join(folder, cwd),
          env: { PATH: process.env['PATH'] },
          ending: { signal: 'SIGTERM', graceMs: 5_000 },
          host,
        });
        started.push(running);
        await waitUntilUp(host, running, { check: () => check(folder) });
        return running;
      },
    },
    {
      logFolder: folder,
      runFiles: openRunFiles(run),
      say: (text) => said.push(text),
      giveUp: (error) => givenUp.push(error),
    },
  );
  t.after(async () => {
    await program.kill();
    rmSync(folder, { recursive: true });
  });
  return { program, folder, run, said, givenUp, started };
}

test('restarts a program that ended by itself, and shows its last lines', async (t) => {
  const { program, folder, said, started } = superviseShell(
    t,
    'if [ -e second ]; then exec sleep 300; fi; touch second; echo broken; exit 4',
  );
  await program.start();
  await until('the second process up', () => started.length === 2 && program.isUp());
  assert.match(said[0] ?? '', /^program ended by itself \(code 4\); restarting it in 0\.5 s\n +broken$/);
  await until('the report that it is up again', () => said.includes('program is up again'));
  assert.ok(existsSync(path.join(folder, 'second')));
});

test('stops it for good and leaves nothing to clean up', async (t) => {
  const { program, run, started } = superviseShell(t, 'exec sleep 300');
  await program.start();
  assert.deepEqual(readdirSync(run), ['program.json']);
  assert.equal(await program.stop(), true);
  assert.deepEqual(readdirSync(run), []);
  assert.equal(started.length, 1);
  const [only] = started;
  assert.ok(only && !isRunning(only));
  assert.equal(program.isUp(), false);
});

test('does not restart it after a stop between two starts', async (t) => {
  const { program, said, started } = superviseShell(t, 'exit 1');
  await program.start();
  await until('the report of its end', () => said.length === 1);
  await program.stop();
  assert.equal(started.length, 1);
});

test('gives up on a program that ends because of an invalid setting', async (t) => {
  const { program, givenUp, started } = superviseShell(t, 'echo "config/x: found nothing"; exit 78');
  await program.start();
  await until('the error', () => givenUp.length === 1);
  assert.match(givenUp[0]?.message ?? '', /program stopped because of an invalid setting; .*config\/x: found nothing/s);
  assert.equal(started.length, 1);
});

test('restarts a process that exits twice before it is up', async (t) => {
  const { program, folder, said, givenUp, started } = superviseShell(
    t,
    'echo x >> tries; if [ $(wc -l < tries) -lt 3 ]; then echo "no coordinator"; exit 1; fi; touch up; exec sleep 300',
    requireFile,
  );
  await program.start();
  assert.equal(program.isUp(), true);
  assert.ok(existsSync(path.join(folder, 'up')));
  assert.equal(started.length, 3);
  assert.deepEqual(givenUp, []);
  assert.match(said[0] ?? '', /^program ended with code 1; restarting it in 0\.5 s\n +no coordinator$/);
  assert.match(said[1] ?? '', /restarting it in 1 s/);
});

test('gives up when an invalid setting ends it before it is up', async (t) => {
  const { program, givenUp, started } = superviseShell(t, 'echo "config/x: found nothing"; exit 78', requireFile);
  await program.start();
  assert.match(givenUp[0]?.message ?? '', /program ended with code 78; .*config\/x: found nothing/s);
  assert.equal(started.length, 1);
});

test('gives up on an error outside the process, before the program was ever up', async (t) => {
  const { program, givenUp } = superviseShell(t, 'exec sleep 300', undefined, 'none/such');
  await program.start();
  assert.match(givenUp[0]?.message ?? '', /cannot start .* in .*none.such/);
});

test('a stop aborts a start, and leaves no process', async (t) => {
  const { program, run, started } = superviseShell(t, 'exec sleep 300', requireFile);
  const starting = program.start();
  await until('the process started', () => started.length === 1);
  assert.equal(await program.stop(), true);
  await starting;
  assert.equal(program.isUp(), false);
  const [only] = started;
  assert.ok(only && !isRunning(only));
  assert.deepEqual(readdirSync(run), []);
});

async function requireFile(folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'up'))) throw new Error('not up yet');
}

test('a crash by command ends it once, and resolves when it is up again', async (t) => {
  const { program, started } = superviseShell(t, 'exec sleep 300');
  await program.start();
  await program.crash();
  assert.equal(started.length, 2);
  assert.equal(program.isUp(), true);
  assert.ok(started[0] && !isRunning(started[0]));
});

test('a frozen program continues when the time is over, and also to be stopped', async (t) => {
  const script = 'trap "exit 0" TERM; while :; do printf .; sleep 0.05; done';
  const { program, started } = superviseShell(t, script);
  await program.start();
  const stateOf = () => readFileSync(`/proc/${started[0]?.pid}/stat`, 'utf8').split(') ')[1]?.[0];
  await program.freeze(1);
  await until('it runs again', () => stateOf() !== 'T');
  const second = program.freeze(60_000);
  await until('it is frozen', () => stateOf() === 'T');
  assert.equal(await program.stop(), true);
  await second;
});
