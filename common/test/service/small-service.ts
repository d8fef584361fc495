// A service for run-service.test.ts. The environment sets what it does.
import { z } from 'zod';
import { integer, readSettings, runService, ShopError, waitUntilDone } from '../../src/index.ts';

await runService('small', async (context) => {
  const { env, logger } = context;
  const alive = setInterval(() => undefined, 1_000);
  context.onClose(() => clearInterval(alive));
  context.onClose(() => logger.info('closed first'));
  context.onClose(() => logger.info('closed second'));
  readSettings(z.object({ LIMIT: integer(1, 9).default(1) }), env);
  if (env['HANG']) context.onClose(() => new Promise(() => undefined));
  if (env['FAIL_START']) throw new Error('cannot start');
  if (env['WAIT_IN_START']) await waitUntilDone('nothing', () => Promise.reject(new Error('away')), context);
  const broken = env['FAIL_AS_SETTING'] ? new ShopError('login', 'broken', { isSetting: true }) : new Error('broken');
  if (env['FAIL_LATER']) setTimeout(() => context.fail(broken), 10);
});
