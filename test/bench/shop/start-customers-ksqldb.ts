import { readFileSync } from 'node:fs';
import { createKsqldbClient, type KsqldbClient, readTopics } from '@shop/common';
import {
  buildChange,
  buildCustomer,
  createTopics,
  nameTopics,
  openTestKafka,
  type Scope,
  type ServiceProcess,
  testKafka,
  unique,
  until,
} from '@shop/test-support';
import { startCompiled } from './start-compiled.ts';

const statements = readFileSync(new URL('../../../ksql/statements/01-customers.ksql', import.meta.url), 'utf8');
const perRequest = 5_000;

export interface RunningKsqldb {
  endpoint: string;
  pid: number;
  client: KsqldbClient;
  end: ServiceProcess['end'];
}

export interface CustomersKsqldb extends RunningKsqldb {
  serviceId: string;
  /** The topic of changes, as Debezium would write it. */
  customersTopic: string;
}

/** The address that the table has for a customer. */
export const addressOf = (id: number): string => buildCustomer(id).address;

/** Starts the embedded ksqlDB with the shop's table CUSTOMERS, which has the customers 1 to `count`. */
export async function startCustomersKsqldb(scope: Scope, count: number): Promise<CustomersKsqldb> {
  const { env } = nameTopics(scope, 'CUSTOMERS_TOPIC', 'CUSTOMERS_TABLE_TOPIC');
  const { customers } = readTopics(env);
  const tableTopic = env['CUSTOMERS_TABLE_TOPIC'] ?? '';
  const kafka = await openTestKafka();
  await createTopics(kafka.admin, [customers.topic], customers.partitions, customers.config);
  for (let id = 1; id <= count; id += perRequest)
    await kafka.send(
      customers.topic,
      Array.from({ length: Math.min(perRequest, count - id + 1) }, (_, n) => ({
        key: String(id + n),
        value: JSON.stringify(buildChange('c', buildCustomer(id + n), { committedAt: Date.now() })),
      })),
    );
  await kafka.close();
  const serviceId = `bench-${unique()}`;
  const server = await startKsqldb(scope, serviceId);
  const { client } = server;
  const named = statements
    .replace(/^SET .*$/m, '')
    .replace("'dummy.public.customers'", `'${customers.topic}'`)
    .replace("'CUSTOMERS'", `'${tableTopic}'`);
  await client.execute(named, { 'auto.offset.reset': 'earliest' });
  const lastIds = Array.from({ length: Math.min(count, 500) }, (_, n) => count - n);
  await until(
    'the last customers in ksqlDB',
    async () =>
      (await client.pull(`SELECT id FROM customers WHERE id IN (${lastIds.join(', ')});`)).rows.length ===
      lastIds.length,
    { patienceMs: 600_000 },
  );
  return { ...server, serviceId, customersTopic: customers.topic };
}

/** Starts the embedded ksqlDB, with the tables that a server with the same id had. Resolves when it answers. */
export async function startKsqldb(scope: Scope, serviceId: string): Promise<RunningKsqldb> {
  const args = ['--kafka', testKafka(), '--port', '0', '--service-id', serviceId];
  const server = startCompiled(scope, 'ksqldb-embedded', {}, args);
  const { port } = await server.said(/"port":\d+/);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = createKsqldbClient({ endpoint, source: { endpoint: 'bench', login: 'bench' } }, { timeoutMs: 60_000 });
  scope.after(() => client.close());
  const isReady = async () => (await fetch(`${endpoint}/info`)).ok;
  await until('a ksqlDB that answers', isReady, { patienceMs: 600_000 });
  return { endpoint, pid: server.pid, client, end: server.end };
}
