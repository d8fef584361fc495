import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import type { KsqldbMode } from '../shop/ksqldb-proxy.ts';

/** Duration of a fault, ms. */
const holdMs = 6_000;
const message = (error_code: number, text: string) =>
  JSON.stringify({ '@type': 'generic_error', error_code, message: text });

const answers: readonly { name: string; status: number; body: string }[] = [
  { name: '429', status: 429, body: message(42900, 'Host is at rate limit for pull queries.') },
  { name: '500', status: 500, body: message(50000, 'Internal server error') },
  { name: '50302', status: 503, body: message(50302, 'KSQL is not yet ready to serve requests.') },
  {
    name: 'not-available',
    status: 400,
    body: message(40001, "Can't pull from `CUSTOMERS` as it is not available yet."),
  },
];

/** Faults of ksqlDB that shipping-service sees through a proxy. */
export const ksqldbFaults: Fault[] = [
  hold('ksqldb-down', 'ksqlDB resets every connection for 60 s', { kind: 'down' }, 60_000),
  hold('ksqldb-hangs', 'ksqlDB accepts look-ups for 15 s and never answers', { kind: 'hang' }, 15_000),
  ...answers.map(({ name, status, body }) =>
    hold(`ksqldb-${name}`, `ksqlDB answers ${status}: ${JSON.parse(body).message}`, { kind: 'answer', status, body }),
  ),
  hold('ksqldb-no-rows', 'ksqlDB answers 200 without any row', { kind: 'change', change: withoutRows }),
  hold('ksqldb-truncated', 'the answer is truncated half-way', {
    kind: 'change',
    change: (body) => body,
    truncate: true,
  }),
  {
    name: 'ksqldb-stale-rows',
    what: 'ksqlDB answers with outdated rows',
    expect: 'detected',
    // The outdated rows include customers who have left meanwhile.
    breaks: ['P3', 'P4'],
    apart: true,
    async run(shop) {
      const known = new Map<unknown, unknown[]>();
      shop.ksqldbProxy.setMode({
        kind: 'change',
        change: (body) => mapRows(body, (id, row) => void known.set(id, known.get(id) ?? row)),
      });
      await shop.pause(15_000);
      shop.ksqldbProxy.setMode({ kind: 'change', change: (body) => mapRows(body, (id) => known.get(id)) });
      await shop.pause(holdMs);
      requireTouched(shop);
      shop.ksqldbProxy.setMode({ kind: 'pass' });
    },
  },
];

/** Sets ksqlDB's behaviour for a while. @throws when no request was affected */
export function hold(name: string, what: string, mode: KsqldbMode, ms = holdMs): Fault {
  return {
    name,
    what,
    expect: 'no violation',
    async run(shop) {
      shop.ksqldbProxy.setMode(mode);
      try {
        await shop.pause(ms);
        requireTouched(shop);
      } finally {
        shop.ksqldbProxy.setMode({ kind: 'pass' });
      }
    },
  };
}

function requireTouched({ ksqldbProxy }: FaultShop): void {
  if (ksqldbProxy.touched() === 0) throw new Error('shipping-service sent no request while ksqlDB failed');
}

type Answer = [{ columnNames: string[] }, ...unknown[][]];

/** Parses the body of a look-up; undefined for other bodies. */
function readAnswer(body: string): Answer | undefined {
  const parsed = JSON.parse(body) as unknown;
  return Array.isArray(parsed) && Array.isArray(parsed[0]?.columnNames) ? (parsed as Answer) : undefined;
}

function withoutRows(body: string): string {
  const answer = readAnswer(body);
  return answer ? JSON.stringify([answer[0]]) : body;
}

/** Replaces the rows for which `replace` returns another one. */
function mapRows(body: string, replace: (id: unknown, row: unknown[]) => unknown[] | undefined): string {
  const answer = readAnswer(body);
  const id = answer?.[0].columnNames.indexOf('ID') ?? -1;
  if (!answer || id < 0) return body;
  const [header, ...rows] = answer;
  return JSON.stringify([header, ...rows.map((row) => replace(row[id], row) ?? row)]);
}
