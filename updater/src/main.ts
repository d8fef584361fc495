import { runService } from '@shop/common';
import { startUpdater } from './start-updater.ts';

await runService('updater', startUpdater);
