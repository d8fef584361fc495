import type { Figure, Round } from '../figure.ts';
import { loadQueries, type Query } from '../shop/load-queries.ts';
import { readCpuSeconds } from '../shop/read-cpu.ts';
import { startContestant } from '../shop/start-compiled.ts';
import { addressOf, startCustomersKsqldb } from '../shop/start-customers-ksqldb.ts';

/** As shipping-service asks. */
const columns = 'id, op, changed_at, first_name, last_name, zipcode, country, address';

interface Server {
  endpoint: string;
  pid: number;
}

interface PullPlan {
  name: string;
  what: string;
  unit: string;
  keysPerQuery: number;
  connections: number;
}

export const pullByKeyFigure = createFigure({
  name: 'pull-by-key',
  what: 'pull queries by key that the embedded ksqlDB answers, on 16 connections',
  unit: 'queries/s',
  keysPerQuery: 1,
  connections: 16,
});

export const pullInListsFigure = createFigure({
  name: 'pull-in-lists',
  what: 'customers that the embedded ksqlDB returns by IN lists of 150 ids, on 4 connections, as shipping-service asks',
  unit: 'rows/s',
  keysPerQuery: 150,
  connections: 4,
});

function createFigure({ name, what, unit, keysPerQuery, connections }: PullPlan): Figure {
  return {
    name,
    what,
    unit,
    higherIsBetter: true,
    servers: ['kafka'],
    async open(context) {
      const customers = context.quick ? 2_000 : 100_000;
      const seconds = context.quick ? 1 : 8;
      const ksqldb = await startCustomersKsqldb(context, customers);
      const bare = startContestant(context, 'answer-queries.ts', [String(customers)]);
      const { port } = await bare.said(/"port":\d+/);
      const nextQuery = () => createQuery(keysPerQuery, customers);
      const run = (server: Server) => () => measure(server, { keysPerQuery, connections, seconds, nextQuery });
      return [
        {
          label: keysPerQuery === 1 ? 'pulls by key' : `lists of ${keysPerQuery}`,
          targets: [{ against: 'ceiling', limit: 0.5 }],
          contestants: [
            { role: 'ours', what: 'embedded ksqlDB', run: run(ksqldb) },
            {
              role: 'ceiling',
              what: 'a Node HTTP server with the same answers',
              run: run({ endpoint: `http://127.0.0.1:${port}`, pid: bare.pid }),
            },
          ],
        },
      ];
    },
  };
}

function createQuery(keys: number, customers: number): Query {
  const first = Math.floor(Math.random() * customers);
  // A prime step, so that the ids of a list differ and lie apart.
  const ids = Array.from({ length: keys }, (_, n) => 1 + ((first + n * 7_919) % customers));
  const condition = keys === 1 ? `id = ${first + 1}` : `id IN (${ids.join(', ')})`;
  return { sql: `SELECT ${columns} FROM customers WHERE ${condition};`, ids };
}

interface Measured extends Pick<PullPlan, 'keysPerQuery' | 'connections'> {
  seconds: number;
  nextQuery(): Query;
}

async function measure({ endpoint, pid }: Server, { keysPerQuery, ...load }: Measured): Promise<Round> {
  const answers = { expected: 0, distinct: 0, received: 0, wrong: 0 };
  const cpuBefore = readCpuSeconds(pid);
  const perSecond = await loadQueries({
    ...load,
    endpoint,
    onAnswer({ ids }, rows) {
      answers.expected += ids.length;
      answers.received += rows.length;
      answers.distinct += new Set(rows.map(([id]) => id)).size;
      answers.wrong += rows.filter(
        ([id, op, , , , , , address]) => op !== 'c' || address !== addressOf(Number(id)),
      ).length;
    },
  });
  const cpuMicros = ((readCpuSeconds(pid) - cpuBefore) * 1_000_000) / (answers.expected / keysPerQuery);
  return { value: perSecond * keysPerQuery, answers, also: { 'CPU µs a query': cpuMicros } };
}
