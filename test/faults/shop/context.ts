import { createClosers, createLogger, createReport, type ServiceContext } from '@shop/common';

export interface RunnerContext extends ServiceContext {
  /** Closes everything that was opened with the context. */
  close(): Promise<void>;
}

/** Time limit for closing, ms. */
const closeMs = 10_000;

/** Creates a service context for the parts of services that the runner uses. */
export function createRunnerContext(env: NodeJS.ProcessEnv, signal: AbortSignal): RunnerContext {
  const closers = createClosers();
  const ending = new AbortController();
  return {
    name: 'faults',
    instance: `faults-${process.pid}`,
    env,
    // Silent, because errors are expected during a fault.
    logger: createLogger('faults', { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' }),
    report: createReport(),
    signal: AbortSignal.any([signal, ending.signal]),
    onClose: (close) => closers.add(close),
    fail: (error) => ending.abort(error),
    async close() {
      ending.abort(new Error('the runner has finished with this shop'));
      await closers.closeAll(closeMs);
    },
  };
}
