import { describeStartError } from './describe-start-error.ts';
import { runLocal } from './run-local.ts';

// timeOrigin is when launch.mjs started: the time to the first shipment counts from it.
try {
  await runLocal(process.argv.slice(2), Math.round(performance.timeOrigin));
} catch (error) {
  console.error(describeStartError(error));
  process.exit(1);
}
