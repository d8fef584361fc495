import { runService } from '@shop/common';
import { startOrderService } from './start-order-service.ts';

await runService('order-service', startOrderService);
