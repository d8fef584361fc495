import { fileURLToPath } from 'node:url';
import { runService } from '@shop/common';
import { startRegistrar } from './start-registrar.ts';

const dir = fileURLToPath(new URL('../debezium_source_conn', import.meta.url));
await runService('connector', (context) => startRegistrar(context, dir));
