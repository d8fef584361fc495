import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { identify } from '@shop/local';
import { until } from '@shop/test-support';
import { startBusyLoops } from './busy-loops.ts';

const isAlive = (pid: number): boolean => identify(pid) !== undefined;

test('a stop ends every loop', async () => {
  const loops = startBusyLoops(2);
  assert.ok(loops.pids.every(isAlive));
  await loops.stop();
  assert.deepEqual(loops.pids.filter(isAlive), []);
});

test('the loops also end when their parent is killed', async () => {
  const module = JSON.stringify(fileURLToPath(new URL('busy-loops.ts', import.meta.url)));
  const script = `import(${module}).then(({ startBusyLoops }) => console.log(startBusyLoops(2).pids.join()));`;
  const starter = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(starter.stdout), 'line');
  const pids = String(line).split(',').map(Number);
  assert.ok(pids.every(isAlive));
  starter.kill('SIGKILL');
  await until('the end of the loops', () => !pids.some(isAlive));
});
