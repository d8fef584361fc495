import { describeStartError } from './describe-start-error.ts';
import { runLocal } from './run-local.ts';

// The time of the first line of launch.mjs, for the time to the first shipment.
try {
  await runLocal(process.argv.slice(2), Math.round(performance.timeOrigin));
} catch (error) {
  console.error(describeStartError(error));
  process.exit(1);
}
