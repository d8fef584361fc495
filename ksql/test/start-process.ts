import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { until } from '@shop/test-support';
import type { Admin } from 'kafkajs';

/** host:port of the broker that tests use. */
export function testBroker(): string {
  const broker = process.env['TEST_KAFKA'];
  assert.ok(broker, 'TEST_KAFKA must be host:port of a Kafka broker; npm test starts one');
  return broker;
}

/**
 * Deletes the topics of the shop's tables, which an earlier test may have left: the applier takes a sink topic without its
 * table for the work of an earlier applier.
 */
export async function deleteSinkTopics(admin: Admin): Promise<void> {
  const present = await admin.listTopics();
  const topics = ['CUSTOMERS', 'LATEST_INVENTORY', 'TOTAL_ORDERS', 'FINAL_INVENTORY'].filter((one) =>
    present.includes(one),
  );
  if (topics.length > 0) await admin.deleteTopics({ topics });
}

/** Starts `src/main.ts` of a folder, whose log lines can be waited for; killed when the test ends. */
export function startProcess(t: TestContext, folder: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join('src', 'main.ts'), ...args], {
    cwd: folder,
    env: { ...process.env, KAFKA_BOOTSTRAP_SERVERS: testBroker(), KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines: { msg: string; statement?: string }[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return {
    lines,
    /** Waits for a line from the given one on. */
    async said(message: string, from = 0): Promise<void> {
      await until(`the line "${message}"`, () => lines.slice(from).some(({ msg }) => msg === message));
    },
    async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}
