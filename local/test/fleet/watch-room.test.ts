import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchRoom } from '../../src/fleet/watch-room.ts';

test('a disk that runs out of space is reported once with its folders, and once when it has space again', async () => {
  const megabytes = [500, 10, 9, 100, 10, 200, 500];
  const lines: string[] = [];
  const ending = new AbortController();
  await watchRoom({
    folders: ['kafka', 'log', 'missing', 'postgres'],
    say: (line) => lines.push(line),
    signal: ending.signal,
    everyMs: 1,
    async readRoom(folder) {
      if (folder === 'missing') throw new Error('no such folder');
      if (folder === 'postgres') return { device: 2, freeBytes: 1e9 };
      if (folder === 'log' && megabytes.length > 1) megabytes.shift();
      if (megabytes.length === 1) ending.abort();
      return { device: 1, freeBytes: (megabytes[0] ?? 0) * 1_024 * 1_024 };
    },
  });
  assert.deepEqual(lines, [
    '10 MB left on the disk of kafka, log; free some space, and the stopped parts continue',
    'there is room again on the disk of kafka, log',
  ]);
});
