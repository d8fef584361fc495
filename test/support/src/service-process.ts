import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unique } from './test-kafka.ts';
import { until } from './until.ts';

/** A line of a service's log. A line that is not JSON becomes a message without a level. */
export interface LogLine {
  level: string;
  msg: string;
  dependency?: string;
  [field: string]: unknown;
}

export interface ServiceProcess {
  readonly pid: number;
  /** Its log lines so far. */
  readonly lines: readonly LogLine[];
  /** Its output so far, as text. */
  output(): string;
  /**
   * Waits for the first log line that has this message, or whose text matches.
   *
   * @param from number of lines to skip
   * @throws with the log, when the process ends without the line or the time limit is over
   */
  said(message: string | RegExp, from?: number): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code; null when a signal ended the process. */
  readonly ended: Promise<number | null>;
  /** Sends SIGTERM or another signal, and resolves as `ended`. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a service as a separate process, as the fleet does, and kills it when the test process exits.
 *
 * @param main its main.ts, or a program in JavaScript
 * @param env variables beside those of the test process
 */
export function startServiceProcess(
  main: URL,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): ServiceProcess {
  const loader = main.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, fileURLToPath(main), ...args], {
    // A command for one process must not reach another one of the same service, which another test runs.
    env: { ...process.env, LOG_LEVEL: 'info', COMMANDS_TOPIC: `commands-${unique()}`, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killWithTest = () => child.kill('SIGKILL');
  process.once('exit', killWithTest);
  const texts: string[] = [];
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    texts.push(text);
    lines.push(readLine(text));
  });
  let hasEnded = false;
  const ended = once(child, 'close').then(([code]) => {
    hasEnded = true;
    process.off('exit', killWithTest);
    return code as number | null;
  });
  const output = () => texts.join('\n');

  return {
    pid: child.pid ?? 0,
    lines,
    output,
    ended,
    kill: (signal) => void child.kill(signal),
    async said(message, from = 0) {
      const isIt = (line: LogLine, index: number) =>
        index >= from && (typeof message === 'string' ? line.msg === message : message.test(texts[index] ?? ''));
      const find = () => lines.find(isIt);
      await until(`the line ${message}`, () => hasEnded || find()).catch((error) => {
        throw new Error(`the log has no line ${message}:\n${output()}`, { cause: error });
      });
      return find() ?? Promise.reject(new Error(`the process ended without the line ${message}:\n${output()}`));
    },
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts a service as `startServiceProcess` does, and kills it when the test ends. */
export function runServiceProcess(
  t: TestContext,
  main: URL,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): ServiceProcess {
  const service = startServiceProcess(main, env, args);
  t.after(() => service.end('SIGKILL'));
  return service;
}

function readLine(text: string): LogLine {
  try {
    return JSON.parse(text);
  } catch {
    return { level: '', msg: text };
  }
}
