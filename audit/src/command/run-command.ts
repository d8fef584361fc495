import { hostname } from 'node:os';
import { runInTerminal } from '@shop/local/terminal';
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

/** Audits once, prints the results and ends the process with 0, 1 (a promise is broken) or 2 (a promise could not be checked). */
export const runCommand = (options: CommandOptions): Promise<never> =>
  runInTerminal({ name: 'audit-command', instance: hostname() }, options, async (context) => {
    // Kafka must answer before the first round ends. The length of later rounds depends on the topics.
    const silence = setTimeout(
      () => context.fail(new Error(`Kafka did not answer within ${silenceMs / 1_000} s`)),
      silenceMs,
    );
    try {
      const results = await auditOnce(
        { quiet: options.quiet, patienceMs: options.wait * 1_000, onRound: () => clearTimeout(silence) },
        { ...context, env: { ...context.env, ...readAuditSettings(options, context.env) } },
      );
      process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${printTable(results)}\n`);
      return exitCodeOf(results, options.all ? (Object.keys(promises) as Check[]) : storedPromises);
    } finally {
      clearTimeout(silence);
    }
  });

const readAuditSettings = ({ target }: CommandOptions, env: NodeJS.ProcessEnv) => ({
  // Compares all rows in one round, because the command may run no further one.
  CUSTOMERS_PER_ROUND: env['CUSTOMERS_PER_ROUND'] ?? '100000',
  ...(target !== undefined && { FRESHNESS_TARGET_MS: String(Math.max(100, target * 1_000)) }),
});
