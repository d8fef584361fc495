import { createClosers, createLogger, createReport, type ServiceContext } from '@shop/common';

export interface RunnerContext extends ServiceContext {
  /** Closes all that was opened with it. */
  close(): Promise<void>;
}

/** How long closing may take, ms. */
const closeMs = 10_000;

/** What a service would be given, for those of its parts that the runner uses. */
export function createRunnerContext(env: NodeJS.ProcessEnv, signal: AbortSignal): RunnerContext {
  const closers = createClosers();
  const ending = new AbortController();
  return {
    name: 'faults',
    instance: `faults-${process.pid}`,
    env,
    // What goes wrong while a fault is on is no news.
    logger: createLogger('faults', { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' }),
    report: createReport(),
    signal: AbortSignal.any([signal, ending.signal]),
    onClose: (close) => closers.add(close),
    fail: (error) => ending.abort(error),
    async close() {
      ending.abort(new Error('the runner is done with this shop'));
      await closers.closeAll(closeMs);
    },
  };
}
