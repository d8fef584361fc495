import { runService } from '@shop/common';
import { startRefilling } from './start-refilling.ts';

await runService('refill-inventory', startRefilling);
