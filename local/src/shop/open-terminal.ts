import { createClosers, createLogger, createReport, describeError, type ServiceContext } from '@shop/common';
import { readAddresses } from '../fleet/read-addresses.ts';

export interface TerminalOptions {
  portOffset: number;
  /** Kafka and ksqlDB are those of config/*.config. */
  cloud: boolean;
  json: boolean;
}

/** Most time that closing may take, ms. */
const closeMs = 5_000;

/**
 * Runs one command of a terminal with the context that a service gets, and ends the process. A command publishes no status, and logs
 * only if LOG_LEVEL is set.
 *
 * @param who name and instance of the context
 * @param work returns the exit code; what it throws is printed as one line, exit code 2
 */
export async function runInTerminal(
  who: Pick<ServiceContext, 'name' | 'instance'>,
  options: Omit<TerminalOptions, 'json'>,
  work: (context: ServiceContext) => Promise<number>,
): Promise<never> {
  const closers = createClosers();
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      ending.abort(new Error(`ended by ${signal}`));
    });
  let code: number;
  try {
    code = await work({
      ...who,
      env: readAddresses(options, process.env),
      // Log lines would mix with the printed results.
      logger: createLogger(who.name, { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' }),
      report: createReport(),
      signal: ending.signal,
      onClose: closers.add,
      fail: (error) => ending.abort(error),
    });
  } catch (error) {
    process.stderr.write(`${describeError(ending.signal.aborted ? ending.signal.reason : error)}\n`);
    code = 2;
  }
  ending.abort();
  setTimeout(() => process.exit(code), closeMs).unref();
  await closers.closeAll().catch((error) => process.stderr.write(`closing failed: ${describeError(error)}\n`));
  process.exit(code);
}
