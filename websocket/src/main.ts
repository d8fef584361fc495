import { runService } from '@shop/common';
import { startWebsocket } from './start-websocket.ts';

await runService('websocket', startWebsocket);
