import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Replaces ksqlDB in tests that need answers which the real one does not give on demand. */
export interface ScriptedKsqldb {
  endpoint: string;
  /** Rows of CUSTOMERS by customer id. */
  customers: Map<number, { op: string; address: string; changedAt: number }>;
  /** The error for a pull query; `undefined` to answer it. */
  refusal: { status: number; body: string } | 'hang' | 'cut off' | undefined;
  /** Called with the ids of each query that is answered. */
  onAnswer?(ids: number[]): void;
  /** Number of refused queries. */
  refused: number;
}

/** Starts a server on a free port, which answers pull queries on CUSTOMERS until the test ends. */
export async function startScriptedKsqldb(t: TestContext): Promise<ScriptedKsqldb> {
  const state: ScriptedKsqldb = { endpoint: '', customers: new Map(), refusal: undefined, refused: 0 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { refusal } = state;
    if (refusal) state.refused++;
    if (refusal === 'hang') return;
    if (refusal === 'cut off') {
      response.write('[{"columnNames":["ID"]},\n', () => response.destroy());
      return;
    }
    if (refusal) {
      response.writeHead(refusal.status).end(refusal.body);
      return;
    }
    const [, list = ''] = /IN \(([^)]*)\)/.exec(JSON.parse(body).sql) ?? [];
    const ids = list.split(', ').map(Number);
    state.onAnswer?.(ids);
    const rows = ids.flatMap((id) => {
      const customer = state.customers.get(id);
      return customer ? [[id, customer.op, customer.changedAt, 'Ada', 'Meier', '10115', 'DE', customer.address]] : [];
    });
    response.end(JSON.stringify([{ queryId: 'q', columnNames: ['ID'], columnTypes: ['BIGINT'] }, ...rows]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  state.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}
