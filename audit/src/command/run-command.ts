import { hostname } from 'node:os';
import { createClosers, createLogger, createReport, describeError, type ServiceContext } from '@shop/common';
import { auditOnce } from '../audit-once.ts';
import type { Check } from '../findings/promises.ts';
import { promises } from '../findings/promises.ts';
import { exitCodeOf, storedPromises } from './exit-code.ts';
import { printTable } from './print-table.ts';
import { readAddresses } from './read-addresses.ts';

export interface CommandOptions {
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

/** How long nobody may answer at all before the command gives up, ms. */
const silenceMs = 30_000;
/** How long closing may take, ms. */
const closeMs = 5_000;

/** Audits once, prints, and ends the process: 0, 1 for a broken promise, 2 when something could not be checked. */
export async function runCommand(options: CommandOptions): Promise<never> {
  const closers = createClosers();
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      ending.abort(new Error(`ended by ${signal}`));
    });
  let code: number;
  // Until the first round, whose length only the topics decide, somebody must answer.
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

/** What a service would be given; a command reports to nobody, and logs only what went wrong. */
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
      // All rows in a round: the command has no next one to go on in.
      CUSTOMERS_PER_ROUND: env['CUSTOMERS_PER_ROUND'] ?? '100000',
      ...(options.target !== undefined && { FRESHNESS_TARGET_MS: String(Math.max(100, options.target * 1_000)) }),
    },
    // Lines of JSON among the answer would be in the way.
    logger: createLogger(name, { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' }),
    report: createReport(),
    signal: ending.signal,
    onClose,
    fail: (error) => ending.abort(error),
  };
}
