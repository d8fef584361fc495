import { runLocal } from './run-local.ts';

// The time of the first line of start.mjs, for the time to the first shipment.
await runLocal(process.argv.slice(2), Math.round(performance.timeOrigin));
