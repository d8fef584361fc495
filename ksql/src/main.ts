import { fileURLToPath } from 'node:url';
import { runService } from '@shop/common';
import { startApplier } from './start-applier.ts';

await runService('ksql', (context) => startApplier(context, fileURLToPath(new URL('../statements', import.meta.url))));
