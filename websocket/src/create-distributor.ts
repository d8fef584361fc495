import type { ServiceContext, ShopTopics } from '@shop/common';
import { encodeEvent } from './api/encode-event.ts';
import { createHub } from './api/hub.ts';
import type { LiveMessage } from './api/read-message.ts';
import { decideControl } from './commands/control.ts';
import { offerScenarios } from './commands/offer-scenarios.ts';
import { createDashboard } from './dashboard/dashboard.ts';
import type { WebsocketSettings } from './settings.ts';
import { createEventStore } from './shop/event-store.ts';
import { createShopView } from './shop/shop-view.ts';

/** Maximum size of the events that the search looks through. */
const storeBytes = 64 * 1024 * 1024;

/** ksqlDB's running sums. Each order and refill changes them, so the page lists them only on demand. */
const sums = ['LATEST_INVENTORY', 'TOTAL_ORDERS', 'FINAL_INVENTORY'];

export type Distributor = ReturnType<typeof createDistributor>;

/** Gives each message to the view of the shop, the event store, the dashboard and the clients of the stream. */
export function createDistributor(settings: WebsocketSettings, topics: ShopTopics, report: ServiceContext['report']) {
  const readingSince = Date.now();
  const hub = createHub({
    replayPerTopic: settings.REPLAY_PER_TOPIC,
    replayBytes: settings.CLIENT_BUFFER_KIB * 1_024,
  });
  const store = createEventStore({ count: settings.STORY_EVENTS, bytes: storeBytes });
  const view = createShopView(topics);
  const dashboard = createDashboard({
    welcome: {
      stream: hub.stream,
      topics: settings.TOPICS,
      reports: [topics.serviceStatus.topic, topics.auditResults.topic, ...sums],
      control: decideControl(settings).mode,
      scenarios: offerScenarios(),
    },
    store,
    picture: () => ({
      type: 'picture',
      ...view.picture(),
      // "Kafka consumer" and "Kafka topics" are both Kafka to the reader of the page.
      waiting_for: [...new Set(report.snapshot().waiting_for.map((name) => name.replace(/^Kafka .*/, 'Kafka')))],
      reading_since: readingSince,
      store: { events: store.size, oldest: store.oldest },
    }),
    secondsSince: view.secondsSince,
  });
  return {
    hub,
    store,
    dashboard,
    /** @param past the message was in the topic before this process started; the stream leaves it out */
    distribute(message: LiveMessage, past: boolean): void {
      view.observe(message, past);
      if (past) store.add(message, encodeEvent(message));
      else dashboard.notify(store.add(message, hub.publish(message)));
    },
    close(): void {
      hub.closeAll();
      dashboard.close();
    },
  };
}
