import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '@shop/test-support';

/** A line of the service's log. */
export interface LogLine {
  level: string;
  msg: string;
  dependency?: string;
  [field: string]: unknown;
}

export interface ServiceProcess {
  /** What it logged so far. */
  lines: LogLine[];
  /** Settles with the first line that has this message (and comes after `from`), or fails when the service ends, or says something else for too long. */
  said(msg: string, from?: number): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Settles with the exit code. */
  ended: Promise<number | null>;
}

/** Runs a service as a process of its own, as the fleet does. Whatever is left of it ends with the test. */
export function runServiceProcess(t: TestContext, main: URL, env: Record<string, string>): ServiceProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(main)], {
    env: { ...process.env, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let end: string | undefined;
  ended.then((code) => {
    end = `it ended with ${code}`;
  });
  return {
    lines,
    ended,
    kill: (signal) => child.kill(signal),
    async said(msg, from = 0) {
      const find = () => lines.slice(from).find((line) => line.msg === msg);
      const inVain = await until('its line', () => find() !== undefined || end !== undefined).catch(String);
      const line = find();
      assert.ok(line, `${end ?? inVain}, without saying "${msg}": ${JSON.stringify(lines, null, 1)}`);
      return line;
    },
  };
}
