import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createIdempotentProducer,
  createKafka,
  pause,
  readPostgresSettings,
  readTopics,
  type ShopTopics,
} from '@shop/common';
import {
  brokerNames,
  findFolders,
  findPostgresHome,
  findService,
  foundations,
  listServices,
  readCompose,
  readSuperuserPassword,
  superuser,
} from '@shop/local';
import { findFreeOffset, findFreePort, makeDataFolder, until } from '@shop/test-support';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { Pool } from 'pg';
import { type FleetPorts, listFleetPorts, moveHealthPorts, movePorts } from '../../fleet/start-fleet.ts';
import { createRunnerContext, type RunnerContext } from './context.ts';
import { type KsqldbProxy, startKsqldbProxy } from './ksqldb-proxy.ts';
import { npmStart } from './npm-start.ts';
import { listTree, signalTree } from './process-tree.ts';
import { type ShipmentTail, tailShipments } from './shipment-tail.ts';
import { ownShipping, type Shipping, type ShippingCommand, startShipping } from './start-shipping.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** The services of the shop, by the names of their processes. */
export const services: readonly string[] = [...moveHealthPorts(0).keys()];

/** Those that put something new into the shop. */
const sources = ['order-service', 'updater', 'refill-inventory'];

/** How long an order waits for its customer here, ms. */
export const customerWaitMs = 20_000;

export interface Load {
  ordersPerSecond: number;
  movesPerSecond: number;
  /** 1 or 3. */
  brokers: number;
  /** Ships in place of shipping-service. */
  shipping?: ShippingCommand;
  /** Folder for the output of that service; the one of the other logs if absent. */
  shippingLogs?: string;
  /** Added to every port; a free one if absent. */
  portOffset?: number;
}

/** A shop under load, and what a fault can do to it. */
export interface FaultShop {
  ports: FleetPorts;
  /** The parts that are brokers, by node id. */
  brokers: readonly string[];
  env: NodeJS.ProcessEnv;
  /** SHOP_DATA of `npm start`; the logs are in its folder `log`. */
  data: string;
  topics: ShopTopics;
  kafka: Kafka;
  admin: Admin;
  /** Of the runner's own; acknowledged by all. */
  producer: Producer;
  /** As superuser, in the shop's database. */
  postgres: Pool;
  tail: ShipmentTail;
  ksqldbProxy: KsqldbProxy;
  kafkaProxy: TcpProxy;
  context: RunnerContext;
  /** Where /health of each service answers. */
  healthPorts: ReadonlyMap<string, number>;
  pid(part: string): number;
  /** SIGKILL to a part and whatever it has started, and waits until it runs again under another number. */
  killAndAwait(part: string, signal?: NodeJS.Signals): Promise<void>;
  /** SIGSTOP to a part and whatever it has started, so many milliseconds, SIGCONT. */
  freeze(part: string, ms: number): Promise<void>;
  /** SIGSTOP to every process of the shop, `npm start` included, so many milliseconds, SIGCONT. */
  freezeEverything(ms: number): Promise<void>;
  /** The instances of the shipping service so far, the first one first. */
  shippings: readonly Shipping[];
  /** One more instance beside the first; ends with the shop. */
  addShipping(): Promise<Shipping>;
  /** SIGSTOP: no more orders are placed. */
  holdOrders(): void;
  /** Nothing new comes at all any more. */
  holdSources(): void;
  releaseSources(): void;
  /** Keeps its logs and data after the end, for an investigation. */
  keepData(): void;
  pause(ms: number): Promise<void>;
  until<T>(
    question: string,
    ask: () => Promise<T | undefined | false> | T | undefined | false,
    patienceMs?: number,
  ): Promise<T>;
  close(): Promise<void>;
}

/** Of the second and third broker: KAFKA_2_LOCAL_PORT, KAFKA_3_LOCAL_PORT. */
const clusterPorts = [9094, 9096];

const awaitMs = 120_000;
/** A start of shipping-service reads so much of its orders back, ms; ten minutes of them would take most of a recovery. */
const duplicateWindowMs = 120_000;

export async function openFaultShop(load: Load, signal: AbortSignal): Promise<FaultShop> {
  const offset = load.portOffset ?? (await findFreeOffset(listFleetPorts(), { from: 10_000, to: 15_000 }));
  const ports = movePorts(offset);
  const brokers = brokerNames.slice(0, load.brokers);
  const addresses = [ports.kafka, ...clusterPorts.map((port) => port + offset)]
    .slice(0, load.brokers)
    .map((port) => `127.0.0.1:${port}`);
  const data = makeDataFolder();
  const [ksqldbProxy, kafkaProxy] = await Promise.all([
    startKsqldbProxy(ports.ksqldb),
    startTcpProxy(() => ports.kafka),
  ]);
  const loadEnv = {
    ORDERS_PER_SECOND: String(load.ordersPerSecond),
    UPDATE_INTERVAL_MS: '500',
    // Nearly as many leave as come: a table that grows all the time would make each fault dearer than the one before.
    CUSTOMERS_INSERTED: '5',
    CUSTOMERS_MOVED: String(Math.ceil(load.movesPerSecond / 2)),
    CUSTOMERS_DELETED: '4',
    REFILL_MIN: '900',
    REFILL_MAX: '2100',
    REFILL_INTERVAL_MS: '1000',
    CUSTOMER_WAIT_MS: String(customerWaitMs),
    LOG_LEVEL: 'info',
  };
  const compose = readCompose(checkout, { ...process.env, ...loadEnv });
  const healthPorts = new Map(moveHealthPorts(offset));
  const ownHealthPort = healthPorts.get('shipping-service') ?? 0;
  // Another service need not answer there.
  if (load.shipping) healthPorts.delete('shipping-service');
  // The runner starts shipping-service itself.
  const parts = [...foundations, ...listServices(compose)].filter((name) => name !== 'shipping-service');
  const fleet = await npmStart(
    ['--brokers', String(load.brokers), '--port-offset', String(offset), '--only', parts.join(',')],
    loadEnv,
    data,
  );
  const direct = {
    KAFKA_BOOTSTRAP_SERVERS: addresses.join(','),
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    KSQLDB_ENDPOINT: `http://127.0.0.1:${ports.ksqldb}`,
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(ports.postgres),
    WEBSOCKET_URL: `http://127.0.0.1:${ports.page}`,
    // Another service keeps to the window of the contract.
    ...(!load.shipping && { DUPLICATE_WINDOW_MS: String(duplicateWindowMs) }),
  };
  const env = { ...process.env, ...direct };
  const context = createRunnerContext(env, signal);
  const shippings: Shipping[] = [];
  let keeps = Boolean(process.env['KEEP_DATA']);

  async function closeAll(): Promise<void> {
    // What does not close well here was cut by a fault, or is ended below.
    await context.close().catch(() => {});
    await Promise.all(shippings.map((each) => each.stop()));
    await fleet.stop();
    await Promise.all([ksqldbProxy.close(), kafkaProxy.close()]);
    if (!keeps) rmSync(data, { recursive: true, force: true });
  }

  try {
    const logFolder = load.shippingLogs ?? path.join(data, 'log');
    mkdirSync(logFolder, { recursive: true });
    const ownSettings = {
      ...loadEnv,
      ...findService(compose, 'shipping-service').environment,
      // Only a single broker is behind the proxy that can cut the line.
      ...(load.brokers === 1 && { REDIRECT_CONNECTIONS: `${ports.kafka}:${kafkaProxy.port}` }),
      DUPLICATE_WINDOW_MS: String(duplicateWindowMs),
    };
    const startInstance = (healthPort: number): Shipping => {
      const instanceEnv: NodeJS.ProcessEnv = {
        ...process.env,
        ...(!load.shipping && ownSettings),
        KAFKA_BOOTSTRAP_SERVERS: addresses.join(','),
        KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
        KSQLDB_ENDPOINT: `http://127.0.0.1:${ksqldbProxy.port}`,
        HEALTH_PORT: String(healthPort),
      };
      const command = load.shipping ?? ownShipping(instanceEnv);
      const isFirstOwn = shippings.length === 0 && !load.shipping;
      const name = isFirstOwn ? 'shipping-service' : `shipping-${shippings.length + 1}`;
      const started = startShipping(name, { command, env: instanceEnv, logFolder });
      shippings.push(started);
      return started;
    };
    const first = startInstance(ownHealthPort);
    const topics = readTopics({});
    const kafka = createKafka({
      brokers: addresses,
      source: { brokers: 'faults', login: 'faults' },
    });
    const admin = kafka.admin();
    await admin.connect();
    context.onClose(() => admin.disconnect());
    const producer = createIdempotentProducer(kafka);
    await producer.connect();
    context.onClose(() => producer.disconnect());
    const home = findPostgresHome(path.join(data, 'postgres'), findFolders({ ...process.env, SHOP_DATA: data }).cache);
    const postgres = new Pool({
      host: '127.0.0.1',
      port: ports.postgres,
      database: readPostgresSettings({}).database,
      user: superuser,
      password: readSuperuserPassword(home),
      max: 2,
      connectionTimeoutMillis: 60_000,
      query_timeout: 60_000,
      // The session that waits shorter detects a deadlock and is aborted. That is the shop's, which must cope; not the fault.
      options: '-c deadlock_timeout=10s',
    });
    postgres.on('error', () => {}); // an idle connection that a fault has cut; the next query opens another one
    context.onClose(() => postgres.end());
    await registerMany(postgres);
    const tail = await tailShipments(kafka, topics.shipments.topic, context);

    const pid = (part: string) => (part === 'shipping-service' ? first.pid() : fleet.pid(part));
    const signalAll = (name: NodeJS.Signals, ofParts: readonly string[]) => {
      for (const part of ofParts) process.kill(pid(part), name);
    };
    return {
      ports,
      brokers,
      env,
      data,
      topics,
      kafka,
      admin,
      producer,
      postgres,
      tail,
      ksqldbProxy,
      kafkaProxy,
      context,
      healthPorts,
      pid,
      async killAndAwait(part, name = 'SIGKILL') {
        const before = pid(part);
        process.kill(name === 'SIGKILL' ? -before : before, name);
        await until(`${part} started again`, () => pid(part) !== before, {
          patienceMs: awaitMs,
          signal: context.signal,
        });
      },
      async freeze(part, ms) {
        const group = -pid(part);
        process.kill(group, 'SIGSTOP');
        try {
          await pause(ms, context.signal);
        } finally {
          process.kill(group, 'SIGCONT');
        }
      },
      async freezeEverything(ms) {
        const listAll = () => listTree([fleet.mainPid, ...shippings.map((each) => each.pid())]);
        signalTree(listAll(), 'SIGSTOP');
        // A process that was just being started is in the second list; no further one can be.
        const all = listAll();
        try {
          signalTree(all, 'SIGSTOP');
          await pause(ms, context.signal);
        } finally {
          signalTree(all, 'SIGCONT');
        }
      },
      shippings,
      addShipping: async () => startInstance(await findFreePort()),
      holdOrders: () => signalAll('SIGSTOP', ['order-service']),
      holdSources: () => signalAll('SIGSTOP', sources),
      releaseSources: () => signalAll('SIGCONT', sources),
      keepData() {
        keeps = true;
      },
      async pause(ms) {
        if (!(await pause(ms, context.signal))) throw context.signal.reason;
      },
      until: (question, ask, patienceMs = awaitMs) => until(question, ask, { patienceMs, signal: context.signal }),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** A shop that has customers, not one of a few seconds ago. */
export async function registerMany(postgres: Pool): Promise<void> {
  await postgres.query(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     SELECT 'Grace', 'Number ' || n, '10115', 'DE', n || ' First Street' FROM generate_series(1, 3000) AS n`,
  );
}
