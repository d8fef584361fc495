import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brokerNames, findAddresses, foundations, listPorts, listServices, readCompose } from '@shop/local';
import { findFreeOffset, makeDataFolder } from '@shop/test-support';
import type { Pause } from './check-shop.ts';

const ownCheckout = fileURLToPath(new URL('../..', import.meta.url));

export interface FleetPorts {
  page: number;
  kafka: number;
  postgres: number;
  connect: number;
  ksqldb: number;
}

interface EndedFleet {
  code: number | null;
  /** The last line of stdout. */
  result: Record<string, unknown>;
}

export interface FleetOptions {
  /** More flags for `npm start`. */
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The checkout to start; this one by default. */
  checkout?: string;
  /** The name of the data folder. */
  dataName?: string;
}

export interface RunningFleet {
  ports: FleetPorts;
  /** Ports of /health, by the names that `npm start` gives the services. */
  healthPorts: ReadonlyMap<string, number>;
  /** SHOP_DATA, which exists until the test ends. */
  data: string;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<EndedFleet>;
  /** Pauses processes with SIGSTOP, by their names in `npm start`. */
  pause: Pause;
}

/**
 * Runs `npm start -- --json` with separate ports and data, as a user would, and waits until the shop is open. A failed
 * test shows the output.
 */
export async function startFleet(
  t: TestContext,
  { flags = [], env = {}, checkout = ownCheckout, dataName = '' }: FleetOptions = {},
): Promise<RunningFleet> {
  const offset = await findFreeOffset(listFleetPorts(), { from: 5_000, to: 10_000 });
  const home = makeDataFolder();
  const data = path.join(home, dataName);
  const command = ['local/launch.mjs', 'local/src/main.ts', '--json', '--port-offset', String(offset), ...flags];
  const child = spawn(process.execPath, command, {
    cwd: checkout,
    env: { ...process.env, ...env, SHOP_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let result = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    result += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const open = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('the shop is open')) resolve();
    });
  });

  async function stop(): Promise<EndedFleet> {
    child.kill('SIGTERM');
    const code = await ended;
    return { code, result: JSON.parse(result.trim().split('\n').at(-1) || '{}') };
  }

  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop();
    t.diagnostic(said);
    rmSync(home, { recursive: true, force: true });
  });
  await Promise.race([open, ended.then((code) => assert.fail(`npm start ended with code ${code}:\n${said}`))]);
  return {
    ports: movePorts(offset),
    healthPorts: moveHealthPorts(offset),
    data,
    stop,
    async pause(parts) {
      const pids = parts.map((part) => readPid(data, part));
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return async () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    },
  };
}

/** Reads the id of the process with this name on a data folder. @throws when it does not run */
export const readPid = (data: string, part: string): number =>
  JSON.parse(readFileSync(path.join(data, 'run', `${part}.json`), 'utf8')).process.pid;

const compose = readCompose(ownCheckout, process.env);
const addressesAt = (portOffset: number) => findAddresses(compose, { portOffset, cloud: false, brokers: 3 }, {});

/** Lists all ports of a fleet without an offset, including those of a cluster and of /health. */
export function listFleetPorts(): number[] {
  const names = new Set([...foundations, ...brokerNames, ...listServices(compose)]);
  return listPorts([...names], addressesAt(0)).map(({ port }) => port);
}

/** Returns the ports of .env plus an offset. */
export const movePorts = (offset: number): FleetPorts => addressesAt(offset).ports;

/** Ports of /health of every service, all of them moved, by the names that `npm start` gives the services. */
export const moveHealthPorts = (offset: number): ReadonlyMap<string, number> =>
  new Map(
    [...addressesAt(offset).healthPorts].map(([name, port]) => [name === 'ksqldb-embedded' ? 'ksqldb' : name, port]),
  );
