import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeTestFolder, until } from '@shop/test-support';
import { openProcessLog } from '../../src/os/process-log.ts';

test('a log continues when its file is writable again', async (t) => {
  const folder = makeTestFolder(t);
  const file = path.join(folder, 'kafka.log');
  mkdirSync(file);
  const log = openProcessLog(folder, 'kafka', { reopenAfterMs: 1 });
  log.write('lost\n');
  await until('the failure', () => log.lastLines(1).some((line) => line.includes('cannot be written')));
  rmdirSync(file);
  await until('a line in the file', () => {
    log.write('kept\n');
    return readFileSync(file, 'utf8').includes('kept');
  });
  assert.ok(!log.lastLines(1).some((line) => line.includes('cannot be written')));
  await log.close();
});
