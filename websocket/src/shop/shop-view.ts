import type { LiveMessage } from '../api/read-message.ts';
import type { Flow, Picture } from '../messages/picture.ts';
import type { Second } from '../messages/shop-seconds.ts';
import { createAuditLines } from './audit-lines.ts';
import { createCommandLines } from './command-lines.ts';
import { createCustomerCountries } from './customer-countries.ts';
import { createFaults } from './faults.ts';
import { createFlows } from './flows.ts';
import { createInventory } from './inventory.ts';
import { createMoves } from './moves.ts';
import { createOpenOrders } from './open-orders.ts';
import { createReaders, type PictureTopics } from './readers.ts';
import { createScenarioRun } from './scenario-run.ts';
import { createSeconds } from './seconds.ts';
import { createServiceLines } from './service-lines.ts';
import { createSettingsInForce } from './settings-in-force.ts';
import { createTally } from './tally.ts';

/** The parts of a picture that come from the topics. */
type ShopPicture = Omit<Picture, 'type' | 'waiting_for' | 'reading_since' | 'store'>;

/** The state of the shop, put together from the messages of its topics. Costs the same however long it has run. */
export interface ShopView {
  /** @param past the message was there before this process started */
  observe(message: LiveMessage, past: boolean): void;
  picture(): ShopPicture;
  secondsSince(second: number): Second[];
}

export function createShopView(topics: PictureTopics): ShopView {
  const openOrders = createOpenOrders();
  const parts = {
    flows: createFlows(),
    seconds: createSeconds(),
    openOrders,
    undeliverable: createTally(),
    deadLetters: createTally(),
    countries: createCustomerCountries(),
    moves: createMoves(),
    inventory: createInventory(),
    services: createServiceLines(),
    audit: createAuditLines(),
    commands: createCommandLines(),
    faults: createFaults(openOrders),
    scenario: createScenarioRun(),
    settings: createSettingsInForce(),
    delivered: 0,
  };
  const readers = createReaders(topics, parts);

  return {
    observe(message, past) {
      parts.flows.count(message.topic, past);
      const body = message.value.format === 'json' ? message.value.parsed : undefined;
      readers.get(message.topic)?.({ message, body, past });
    },
    picture: () => ({
      at: Date.now(),
      quiet_ms: parts.flows.quietMs(),
      flows: parts.flows.flows() satisfies Flow[],
      open_orders: parts.openOrders.picture(),
      delivered: parts.delivered,
      undeliverable: parts.undeliverable.entries().map(([reason, count]) => ({ reason, count })),
      dead_letters: parts.deadLetters.entries().map(([code, count]) => ({ code, count })),
      delivery_ms: parts.seconds.waits(60),
      products: parts.inventory.products(),
      customers: parts.countries.picture(),
      moves: parts.moves.followed(),
      services: parts.services.lines(),
      audit: parts.audit.lines(),
      commands: parts.commands.lines(),
      faults: parts.faults.lines(),
      scenario: parts.scenario.line(),
      settings: parts.settings.lines(),
    }),
    secondsSince: parts.seconds.since,
  };
}
