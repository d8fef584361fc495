import { runService } from '@shop/common';
import { startShipping } from './start-shipping.ts';

await runService('shipping-service', startShipping);
