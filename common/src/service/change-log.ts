import type { Logger } from '../logger.ts';
import { describeError, ShopError } from '../shop-error.ts';
import type { Report } from './report.ts';

/** `field` holds the name. Two errors with the same key share a line. */
interface Lines {
  field: string;
  waits: string;
  done: string;
  key(error: Error): string;
}

export const dependencyLines: Lines = {
  field: 'dependency',
  waits: 'waiting for a dependency',
  done: 'the dependency is available',
  key: () => '',
};

/** For several steps, of which each may have to wait. */
export const stepLines: Lines = {
  field: 'what',
  waits: 'waiting',
  done: 'in place',
  key: (error) => (error instanceof ShopError ? error.code : ''),
};

/** Shows a wait in the log and in /health: one line for each change. Call `end` last, also when the wait failed. */
export function createChangeLog(
  name: string,
  { field, waits, done, key }: Lines,
  { logger, report }: { logger: Logger; report: Report },
) {
  const began = Date.now();
  let shown: string | undefined;
  let arrived: (() => void) | undefined;
  let stateBefore: 'starting' | 'ready' | undefined;

  function isNew(change: string): boolean {
    arrived ??= report.waitFor(name);
    if (change === shown) return false;
    shown = change;
    return true;
  }

  function leaveFailed(): void {
    if (stateBefore) report.setState(stateBefore);
    stateBefore = undefined;
  }

  return {
    /** A retry may help. */
    waits(error: Error): void {
      leaveFailed();
      if (isNew(`waits ${key(error)}`)) logger.warn({ [field]: name, reason: describeError(error) }, waits);
    },
    /** The user must fix something. */
    refused(error: Error): void {
      stateBefore ??= report.snapshot().state === 'starting' ? 'starting' : 'ready';
      report.setState('failed');
      const reason = describeError(error);
      if (isNew(reason)) logger.error({ [field]: name, reason }, 'this needs a fix, retrying slowly');
    },
    done(): void {
      leaveFailed();
      if (shown !== undefined) logger.info({ [field]: name, waited_ms: Date.now() - began }, done);
    },
    end: () => arrived?.(),
  };
}
