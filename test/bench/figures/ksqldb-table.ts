import { setTimeout as delay } from 'node:timers/promises';
import type { KsqldbClient } from '@shop/common';
import { buildChange, buildCustomer, openTestKafka, readPeakMb, type Scope, type TestKafka } from '@shop/test-support';
import type { Answers, Figure, Round } from '../figure.ts';
import { addressOf, type CustomersKsqldb, startCustomersKsqldb, startKsqldb } from '../shop/start-customers-ksqldb.ts';
import { percentile } from '../spread.ts';

/** Requests a second, changes in each, and which of the requests have a change that is looked for. */
const load = { requestsPerSecond: 50, changesPerRequest: 20, everyNth: 5 };
const changesPerSecond = load.requestsPerSecond * load.changesPerRequest;
/** Customers 1 to this one change only where a change is looked for, so that no other change hides it. */
const lookedFor = 1_000;
/** How long to look for a change, ms. */
const patienceMs = 30_000;

export const changeVisibleFigure: Figure = {
  name: 'change-visible',
  what: "time from Kafka's acknowledgement of a customer's change until a pull query of the embedded ksqlDB shows it, p99",
  unit: 'ms',
  higherIsBetter: false,
  servers: ['kafka'],
  async open({ quick, ...scope }) {
    const customers = quick ? 2_000 : 100_000;
    const ksqldb = await startCustomersKsqldb(scope, customers);
    const kafka = await openTestKafka();
    scope.after(() => kafka.close());
    const plan = { customers, seconds: quick ? 1 : 10 };
    return [
      {
        label: `p99 at ${changesPerSecond.toLocaleString('en')} changes/s`,
        targets: [{ against: 'value', limit: 50 }],
        contestants: [{ role: 'ours', what: 'embedded ksqlDB', run: () => measureChanges(kafka, ksqldb, plan) }],
      },
    ];
  },
};

export const ksqldbRestartFigure: Figure = {
  name: 'ksqldb-restart',
  what: 'time from the start of the embedded ksqlDB, with a million customers, until it answers',
  unit: 's',
  higherIsBetter: false,
  servers: ['kafka'],
  async open({ quick, ...scope }) {
    const customers = quick ? 2_000 : 1_000_000;
    const { serviceId, end } = await startCustomersKsqldb(scope, customers);
    await end();
    return [
      {
        label: `${customers.toLocaleString('en')} customers`,
        targets: [{ against: 'value', limit: 60 }],
        contestants: [
          { role: 'ours', what: 'embedded ksqlDB', run: (scope) => measureRestart(scope, serviceId, customers) },
        ],
      },
    ];
  },
};

async function measureChanges(
  kafka: TestKafka,
  { client, customersTopic }: CustomersKsqldb,
  { customers, seconds }: { customers: number; seconds: number },
): Promise<Round> {
  const looking: Promise<number | undefined>[] = [];
  const began = performance.now();
  for (let request = 0; request < seconds * load.requestsPerSecond; request += 1) {
    const marked = 1 + (request % lookedFor);
    const mark = `Weg ${request} of ${began}`;
    const others = Array.from(
      { length: load.changesPerRequest - 1 },
      () => lookedFor + 1 + Math.floor(Math.random() * (customers - lookedFor)),
    );
    const messages = [...others.map((id) => buildCustomer(id)), buildCustomer(marked, { address: mark })].map(
      (customer) => ({
        key: String(customer.id),
        value: JSON.stringify(buildChange('u', customer, { committedAt: Date.now() })),
      }),
    );
    await kafka.send(customersTopic, messages);
    if (request % load.everyNth === 0) looking.push(lookFor(client, marked, mark));
    const next = began + ((request + 1) * 1_000) / load.requestsPerSecond;
    await delay(Math.max(0, next - performance.now()));
  }
  const took = (await Promise.all(looking)).filter((ms) => ms !== undefined);
  const answers: Answers = { expected: looking.length, distinct: took.length, received: took.length, wrong: 0 };
  return { value: percentile(took, 0.99), also: { p50: percentile(took, 0.5) }, answers };
}

/** @returns after how many ms a pull query shows this address; undefined when it never does */
async function lookFor(client: KsqldbClient, id: number, address: string): Promise<number | undefined> {
  const began = performance.now();
  while (performance.now() < began + patienceMs) {
    const { rows } = await client.pull(`SELECT address FROM customers WHERE id = ${id};`);
    if (rows[0]?.[0] === address) return performance.now() - began;
    // Asking more often would slow down what is measured.
    await delay(2);
  }
  return undefined;
}

async function measureRestart(scope: Scope, serviceId: string, customers: number): Promise<Round> {
  const began = performance.now();
  const { client, pid, end } = await startKsqldb(scope, serviceId);
  const seconds = (performance.now() - began) / 1_000;
  const peakMb = readPeakMb(pid) ?? Number.NaN;
  const answers: Answers = { expected: customers, distinct: 0, received: 0, wrong: 0 };
  const perQuery = 500;
  for (let first = 1; first <= customers; first += perQuery) {
    const ids = Array.from({ length: Math.min(perQuery, customers - first + 1) }, (_, n) => first + n);
    const { rows } = await client.pull(`SELECT id, address FROM customers WHERE id IN (${ids.join(', ')});`);
    answers.received += rows.length;
    answers.distinct += new Set(rows.map(([id]) => id)).size;
    answers.wrong += rows.filter(([id, address]) => address !== addressOf(Number(id))).length;
  }
  await end();
  return { value: seconds, also: { 'peak MB': peakMb }, answers };
}
