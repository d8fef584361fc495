import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface ShippingProcess {
  child: ChildProcess;
  /** Settles with the exit code. */
  ended: Promise<number | null>;
  /** Settles when a log line with these words has come. */
  said(words: string): Promise<void>;
  /** Its log lines so far. */
  lines(): Record<string, unknown>[];
}

/** Runs the service as a process of its own, as the fleet does. */
export function runShipping(t: TestContext, env: Record<string, string>): ShippingProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const waiters = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const check of waiters) check();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.after(() => child.kill('SIGKILL'));
  return {
    child,
    ended,
    lines: () =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    said(words) {
      const heard = new Promise<void>((resolve) => {
        const check = () => output.includes(words) && resolve();
        waiters.add(check);
        check();
      });
      return Promise.race([
        heard,
        ended.then(() => assert.ok(output.includes(words), `it ended without saying "${words}":\n${output}`)),
      ]);
    },
  };
}
