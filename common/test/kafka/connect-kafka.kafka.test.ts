import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServiceContext, testKafka } from '@shop/test-support';
import pino from 'pino';
import { connectKafka } from '../../src/index.ts';
import { createConfigDir } from '../settings/config-dir.ts';

test('keys of config/kafka.config that the shop does not read are logged once, without their values', async (t) => {
  const { env } = createConfigDir(t, {
    'kafka.config': `bootstrap.servers=${testKafka()}\nsecurity=geheim\nclient.id=geheim\n`,
  });
  const { context } = openServiceContext(t, 'reader', { CONFIG_DIR: env['CONFIG_DIR'] ?? '' });
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  await connectKafka({ ...context, logger });
  const [line, ...more] = lines.filter((text) => text.includes('kafka.config'));
  assert.deepEqual(more, []);
  const { level, msg, file, keys } = JSON.parse(line ?? '{}');
  assert.deepEqual(
    { level, msg, file, keys },
    {
      level: 30,
      msg: 'keys that the shop does not read',
      file: 'config/kafka.config',
      keys: ['security', 'client.id'],
    },
  );
  assert.ok(!lines.join().includes('geheim'));
});
