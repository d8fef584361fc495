import kafkajs from 'kafkajs';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { freeze } from './processes.ts';

const connector = 'debezium_source_conn';
/** Room for a transaction marker, which the next transaction needs, but not for a change event. */
const markerBytes = 150;

/** Faults of Kafka, Connect and Postgres. */
export const serverFaults: Fault[] = [
  ...['kafka', 'connect', 'postgres_start'].map(freeze),
  {
    name: 'restart-kafka',
    what: 'the broker is restarted with SIGTERM',
    expect: 'no violation',
    run: (shop) => shop.killAndAwait('kafka', 'SIGTERM'),
  },
  {
    name: 'kill-kafka',
    what: 'kill -9 of the broker',
    expect: 'no violation',
    quick: true,
    run: (shop) => shop.killAndAwait('kafka'),
  },
  {
    name: 'kill-connect',
    what: 'kill -9 of the Connect worker',
    expect: 'no violation',
    run: (shop) => shop.killAndAwait('connect'),
  },
  {
    name: 'connector-task-failed',
    what: "the connector's task FAILED, because its topic accepts no message",
    expect: 'no violation',
    run: failTask,
  },
  {
    name: 'connector-unassigned',
    what: 'Connect reports the connector UNASSIGNED while its task runs, as it can after a rebalance',
    expect: 'no violation',
    run: unassign,
  },
  {
    name: 'connector-deleted',
    what: 'the connector is deleted through the REST API',
    expect: 'no violation',
    async run(shop) {
      await askConnect(shop, `/connectors/${connector}`, 'DELETE');
    },
  },
  {
    name: 'restart-postgres',
    what: 'Postgres is restarted with a fast shutdown',
    expect: 'no violation',
    run: (shop) => shop.killAndAwait('postgres_start', 'SIGINT'),
  },
  {
    name: 'kill-postgres',
    what: 'kill -9 of Postgres, all of its processes',
    expect: 'no violation',
    run: (shop) => shop.killAndAwait('postgres_start'),
  },
];

async function askConnect(shop: FaultShop, path: string, method: 'GET' | 'DELETE'): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${shop.ports.connect}${path}`, {
    method,
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`Connect answered ${answer.status} to ${method} ${path}`);
  return answer;
}

interface Status {
  connector: { state: string; worker_id: string };
  tasks: { state: string }[];
}

async function readStatus(shop: FaultShop): Promise<Status> {
  return (await (await askConnect(shop, `/connectors/${connector}/status`, 'GET')).json()) as Status;
}

/**
 * Writes the status of a worker that lost the connector, with a generation higher than any worker's. Waits until the
 * registrar has restarted the connector.
 */
async function unassign(shop: FaultShop): Promise<void> {
  const { connector: before } = await readStatus(shop);
  const lost = { state: 'UNASSIGNED', trace: null, worker_id: before.worker_id, generation: 1_000_000 };
  await shop.producer.send({
    topic: 'connect-status',
    messages: [{ key: `status-connector-${connector}`, value: JSON.stringify(lost) }],
  });
  for (const state of ['UNASSIGNED', 'RUNNING'])
    await shop.until(`the connector ${state}`, async () => (await readStatus(shop)).connector.state === state);
}

async function failTask(shop: FaultShop): Promise<void> {
  const { topic } = shop.topics.customers;
  const setMessageBytes = async (bytes: number | undefined) => {
    const kept = Object.entries(shop.topics.customers.config ?? {}).map(([name, value]) => ({ name, value }));
    await shop.admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [
            ...kept,
            ...(bytes === undefined ? [] : [{ name: 'max.message.bytes', value: String(bytes) }]),
          ],
        },
      ],
    });
  };
  await setMessageBytes(markerBytes);
  try {
    await shop.until('the task FAILED', async () => {
      const { tasks } = await readStatus(shop);
      return tasks.some(({ state }) => state === 'FAILED');
    });
  } finally {
    await setMessageBytes(undefined);
  }
}
