import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findService, readCompose } from '@shop/local';
import { findFreePort, readPeakMb, until } from '@shop/test-support';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const compose = readCompose(checkout, {});

export interface LimitedService {
  /** Reads a value of /metrics; `undefined` until the service answers. */
  metric(name: string): Promise<number | undefined>;
  /** Whether its last log lines contain this text. */
  hasSaid(text: string): boolean;
  /** Waits for a fact while the service runs. @throws with its log when it ends first */
  until(question: string, ask: () => Promise<boolean> | boolean): Promise<void>;
  /** Ends it with SIGTERM and compares its peak memory with its container's limit. */
  checkPeak(): Promise<void>;
}

export interface LimitedPlan {
  args?: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Time limit of each `until`, ms on a quiet machine. */
  patienceMs?: number;
}

/**
 * Runs a compiled service, as `npm start` does, with its heap limit of docker-compose.yml. If this process may create a
 * cgroup, the kernel kills a service that exceeds its `mem_limit`. Otherwise only `checkPeak` finds it.
 */
export async function runLimited(
  t: TestContext,
  name: string,
  { args = [], env, patienceMs = 240_000 }: LimitedPlan,
): Promise<LimitedService> {
  const { environment, folder = name, memoryMb = 0 } = findService(compose, name);
  assert.ok(memoryMb > 0, `docker-compose.yml: ${name} has no mem_limit`);
  const healthPort = await findFreePort();
  const group = openGroup(t, memoryMb);
  // The shell enters the group before it becomes the service, so that all memory counts.
  const enter = group ? 'echo $$ > "$GROUP/cgroup.procs" && ' : '';
  const child = spawn('sh', ['-c', `${enter}exec "$@"`, 'sh', process.execPath, 'dist/main.js', ...args], {
    cwd: path.join(checkout, folder),
    env: {
      ...process.env,
      ...environment,
      HEALTH_PORT: String(healthPort),
      INSTANCE: name,
      ...(group !== undefined && { GROUP: group }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (text: string) => {
    said = `${said}${text}`.slice(-5_000);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const closed = once(child, 'close');
  const ended = closed.then(([code, signal]) => assert.fail(`${name} ended with ${code ?? signal}:\n${said}`));
  ended.catch(() => {});
  t.after(async () => {
    child.kill('SIGKILL');
    await closed;
    if (group) rmdirSync(group);
  });

  return {
    async metric(wanted) {
      const answer = await fetch(`http://127.0.0.1:${healthPort}/metrics`).catch(() => undefined);
      const line = (await answer?.text())?.split('\n').find((each) => each.startsWith(`shop_${wanted} `));
      return line === undefined ? undefined : Number(line.split(' ')[1]);
    },
    hasSaid: (text) => said.includes(text),
    async until(question, ask) {
      await Promise.race([until(`${name}: ${question}`, ask, { patienceMs, signal: t.signal }), ended]);
    },
    async checkPeak() {
      const peakMb = Math.round(readPeakMb(Number(child.pid)) ?? Number.NaN);
      t.diagnostic(`${name}: at most ${peakMb} MB of ${memoryMb}${group ? ', in a cgroup' : ''}`);
      assert.ok(peakMb <= memoryMb, `${name} took ${peakMb} MB; its container may have ${memoryMb}`);
      child.kill('SIGTERM');
      const [code] = await closed;
      assert.equal(code, 0, said);
    },
  };
}

/** Compiles all services. */
export function compileServices(): void {
  const { status, stderr } = spawnSync(process.execPath, ['local/launch.mjs', 'local/src/main.ts', '--help'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
}

/** The folders of cgroups version 1 and 2, and the file with a group's limit. */
const hierarchies = [
  { root: '/sys/fs/cgroup/memory', limitFile: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limitFile: 'memory.max' },
];

/** Creates a cgroup with this limit; `undefined` if that is not allowed. */
function openGroup(t: TestContext, memoryMb: number): string | undefined {
  for (const { root, limitFile } of hierarchies) {
    const group = path.join(root, `shop-test-${process.pid}-${groups++}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    try {
      // The file is missing if the hierarchy does not control memory.
      if (!existsSync(path.join(group, limitFile))) throw new Error(`${group} has no ${limitFile}`);
      writeFileSync(path.join(group, limitFile), String(memoryMb * 1_024 * 1_024));
      return group;
    } catch (error) {
      rmdirSync(group);
      t.diagnostic(`without a cgroup: ${String(error)}`);
    }
  }
  return undefined;
}

let groups = 0;
