import { createClosers, createLogger, createReport, type ServiceContext } from '@shop/common';
import type { Scope } from './scope.ts';

/** Creates a service's context without `runService` and a process. `close` or the end of the test closes it. */
export function openServiceContext(t: Scope, name: string, env: Record<string, string>) {
  const closers = createClosers();
  const ending = new AbortController();
  const context: ServiceContext = {
    name,
    instance: 'one',
    env,
    logger: createLogger(name, { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal: ending.signal,
    onClose: (close) => closers.add(close),
    fail: (error) => ending.abort(error),
  };
  async function close(): Promise<void> {
    ending.abort();
    await closers.closeAll();
  }
  t.after(close);
  return { context, close };
}
