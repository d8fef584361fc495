import { hostname } from 'node:os';
import { createClosers, createLogger, createReport, describeError, type ServiceContext } from '@shop/common';
import { readAddresses } from '@shop/local/addresses';
import { auditOnce } from '../audit-once.ts';
import type { Check } from '../findings/promises.ts';
import { promises } from '../findings/promises.ts';
import { exitCodeOf, storedPromises } from './exit-code.ts';
import { printTable } from './print-table.ts';

interface CommandOptions {
  portOffset: number;
  json: boolean;
  quiet: boolean;
  all: boolean;
  cloud: boolean;
  /** Seconds. */
  target?: number;
  /** Seconds. */
  wait: number;
}

/** Time until the command gives up when Kafka does not answer, ms. */
const silenceMs = 30_000;
/** Most time that closing may take, ms. */
const closeMs = 5_000;

/** Audits once, prints the results and ends the process with 0, 1 (a promise is broken) or 2 (a promise could not be checked). */
export async function runCommand(options: CommandOptions): Promise<never> {
  const closers = createClosers();
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      ending.abort(new Error(`ended by ${signal}`));
    });
  let code: number;
  // Kafka must answer before the first round ends. The length of later rounds depends on the topics.
  const silence = setTimeout(
    () => ending.abort(new Error(`Kafka did not answer within ${silenceMs / 1_000} s`)),
    silenceMs,
  );
  try {
    const results = await auditOnce(
      { quiet: options.quiet, patienceMs: options.wait * 1_000, onRound: () => clearTimeout(silence) },
      createContext(options, closers.add, ending),
    );
    process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${printTable(results)}\n`);
    code = exitCodeOf(results, options.all ? (Object.keys(promises) as Check[]) : storedPromises);
  } catch (error) {
    process.stderr.write(`${describeError(ending.signal.aborted ? ending.signal.reason : error)}\n`);
    code = 2;
  }
  clearTimeout(silence);
  ending.abort();
  setTimeout(() => process.exit(code), closeMs).unref();
  await closers.closeAll().catch((error) => process.stderr.write(`closing failed: ${describeError(error)}\n`));
  process.exit(code);
}

/** The context that a service gets. A command publishes no status, and logs only if LOG_LEVEL is set. */
function createContext(
  options: CommandOptions,
  onClose: ServiceContext['onClose'],
  ending: AbortController,
): ServiceContext {
  const env = readAddresses(options, process.env);
  const name = 'audit-command';
  return {
    name,
    instance: hostname(),
    env: {
      ...env,
      // Compares all rows in one round, because the command may run no further one.
      CUSTOMERS_PER_ROUND: env['CUSTOMERS_PER_ROUND'] ?? '100000',
      ...(options.target !== undefined && { FRESHNESS_TARGET_MS: String(Math.max(100, options.target * 1_000)) }),
    },
    // Log lines would mix with the printed results.
    logger: createLogger(name, { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' }),
    report: createReport(),
    signal: ending.signal,
    onClose,
    fail: (error) => ending.abort(error),
  };
}
