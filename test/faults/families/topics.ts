import type { Check } from '@shop/audit';
import { deleteRecords } from '@shop/test-support';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { sumOfEnds, untilRepairBegins } from '../shop/repairs.ts';

type Lost = 'customers' | 'orders' | 'shipments';

const lost: Record<Lost, { what: string; breaks: Check[] }> = {
  customers: { what: 'the topic with all changes of customers is deleted', breaks: ['P1', 'P3'] },
  shipments: { what: 'the topic of shipments is deleted', breaks: ['P1'] },
  // Before the deletion, ksqlDB may have read fewer or more orders than the audit.
  orders: { what: 'the topic of orders is deleted', breaks: ['P1', 'P5'] },
};

/** Deletes a topic. The audit must show the loss, and the shop must continue with a new topic. */
const lostTopics: Fault[] = (Object.keys(lost) as Lost[]).map((name) => ({
  name: `topic-lost-${name}`,
  ...lost[name],
  expect: 'detected',
  apart: true,
  run: (shop) => {
    const act = () => deleteTopic(shop, shop.topics[name].topic);
    // The shop works again before the registrar's next check, so wait until this fault's repair begins.
    return name === 'customers' ? untilRepairBegins(shop, act) : act();
  },
}));

/** The new registrar learns only from Kafka that the topic was recreated. */
const lostUnwatched: Fault = {
  name: 'topic-lost-customers-unwatched',
  ...lost.customers,
  what: `${lost.customers.what}, while the registrar is down`,
  expect: 'detected',
  apart: true,
  run: (shop) =>
    untilRepairBegins(shop, async () => {
      process.kill(-shop.pid('connector'), 'SIGSTOP');
      try {
        await deleteTopic(shop, shop.topics.customers.topic);
      } finally {
        await shop.killAndAwait('connector');
      }
    }),
};

async function deleteTopic({ admin, until }: FaultShop, topic: string): Promise<void> {
  const before = await sumOfEnds(admin, topic);
  await admin.deleteTopics({ topics: [topic] });
  await until(`${topic} recreated`, async () => (await sumOfEnds(admin, topic)) < before);
}

/** Number of orders, enough for every partition to have some. */
const ahead = 1_000;
/** How long the audit may take to read them, ms. */
const readMs = 3_000;

async function deleteAheadOfShipping({ admin, topics, until, pid, pause, healthPorts }: FaultShop): Promise<void> {
  const { topic } = topics.orders;
  const countLost = async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPorts.get('shipping-service')}/health`);
    const { counters } = (await answer.json()) as { counters: Record<string, number> };
    return counters['orders_lost'] ?? 0;
  };
  const before = await countLost();
  const shipping = pid('shipping-service');
  process.kill(shipping, 'SIGSTOP');
  try {
    const start = await sumOfEnds(admin, topic);
    await until('orders that shipping has not read', async () => (await sumOfEnds(admin, topic)) > start + ahead);
    const ends = await admin.fetchTopicOffsets(topic);
    await pause(readMs);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await deleteRecords(admin, topic, partitions);
  } finally {
    process.kill(shipping, 'SIGCONT');
  }
  await until('shipping has counted its losses', async () => (await countLost()) > before);
}

/** Number of added partitions. */
const added = 6;

/**
 * Adds partitions to a topic of the shop and waits until its producers write to them. As after each fault, `npm run
 * faults` then waits for orders of every partition and for a new customer, and audits the shop.
 */
const addedPartitions: Fault[] = (['customers', 'orders', 'refills'] as const).map((name) => ({
  name: `partitions-added-${name}`,
  what: `the topic of ${name} gets ${added} more partitions`,
  expect: 'no violation',
  async run({ admin, topics, until }) {
    const { topic } = topics[name];
    const before = (await admin.fetchTopicOffsets(topic)).length;
    await admin.createPartitions({ topicPartitions: [{ topic, count: before + added }] });
    await until(`a message in a new partition of ${topic}`, async () =>
      (await admin.fetchTopicOffsets(topic)).some(({ partition, high }) => partition >= before && Number(high) > 0),
    );
  },
}));

export const topicFaults: Fault[] = [
  ...addedPartitions,
  ...lostTopics,
  lostUnwatched,
  {
    name: 'orders-deleted',
    what: 'orders are deleted before shipping has read them',
    expect: 'detected',
    // ksqlDB may have read fewer orders than the audit.
    breaks: ['P1', 'P5'],
    apart: true,
    run: deleteAheadOfShipping,
  },
];
