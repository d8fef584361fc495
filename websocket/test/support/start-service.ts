import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface RunningService {
  port: number;
  pid: number;
  /** What it logged, line by line. */
  log: string[];
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Runs the service as a process of its own, on a free port. @returns when the page is served */
export async function startService(broker: string, env: Record<string, string> = {}): Promise<RunningService> {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { ...process.env, PORT: '0', KAFKA_BOOTSTRAP_SERVERS: broker, INSTANCE: 'test', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const log: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      const { msg, port: served } = JSON.parse(line);
      if (msg === 'page and stream are served') resolve(served);
    });
    void ended.then(() => reject(new Error(`the service ended early:\n${log.join('\n')}`)));
  });
  return {
    port,
    pid: child.pid ?? 0,
    log,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}

/** The broker that the tests are given. */
export function testKafka(): string {
  const broker = process.env['TEST_KAFKA'];
  if (!broker) throw new Error('TEST_KAFKA=host:port is missing: this test needs a real Kafka broker');
  return broker;
}
