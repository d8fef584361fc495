import type { Check } from '@shop/audit';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { sumOfEnds, untilRepairBegins } from '../shop/repairs.ts';

type Lost = 'customers' | 'orders' | 'shipments';

const lost: Record<Lost, { what: string; breaks: Check[] }> = {
  customers: { what: 'the topic of changes is deleted, with all that it told of customers', breaks: ['P1', 'P3'] },
  shipments: { what: 'the topic of shipments is deleted', breaks: ['P1'] },
  // ksqlDB and the audit may not have read the same of it before.
  orders: { what: 'the topic of orders is deleted', breaks: ['P1', 'P5'] },
};

/** Somebody deletes a topic. What it held is gone, which has to be shown; the shop has to go on with a new one. */
export const topicFaults: Fault[] = (Object.keys(lost) as Lost[]).map((name) => ({
  name: `topic-lost-${name}`,
  ...lost[name],
  expect: 'detected',
  apart: true,
  run: (shop) => {
    const act = () => deleteTopic(shop, shop.topics[name].topic);
    // The shop works again before the registrar has looked; what it does then is still of this fault.
    return name === 'customers' ? untilRepairBegins(shop, act) : act();
  },
}));

async function deleteTopic({ admin, until }: FaultShop, topic: string): Promise<void> {
  const before = await sumOfEnds(admin, topic);
  await admin.deleteTopics({ topics: [topic] });
  await until(`${topic} made anew`, async () => (await sumOfEnds(admin, topic)) < before);
}
