import { fileURLToPath } from 'node:url';
import {
  connectKafka,
  keepTopics,
  publishStatus,
  readTopics,
  type ServiceContext,
  type ShopTopics,
} from '@shop/common';
import { createStreamPaths } from './api/accept-stream.ts';
import { encodeEvent } from './api/encode-event.ts';
import { createHub } from './api/hub.ts';
import { readMessage } from './api/read-message.ts';
import { createPageChannel } from './dashboard/page-channel.ts';
import { createAnswer } from './http/answer.ts';
import { listen } from './http/listen.ts';
import { refuseReader } from './http/page-origin.ts';
import { createPageHandler } from './http/serve-page.ts';
import { createUpgrades } from './http/upgrades.ts';
import { readLive } from './kafka/read-live.ts';
import { readWebsocketSettings, type WebsocketSettings } from './settings.ts';
import { createEventStore } from './shop/event-store.ts';
import { findStory } from './shop/find-story.ts';
import { createShopView } from './shop/shop-view.ts';

const pageFolder = fileURLToPath(new URL('../page/dist', import.meta.url));

/** What the search can find at most; it states how far back that reaches. */
const storeBytes = 64 * 1024 * 1024;

/** Messages of each partition that are read back at the start, so that the page has something to show. */
const readBack = 500;

/** ksqlDB's running sums: a message for every order and refill, which stand in the list already. */
const sums = ['LATEST_INVENTORY', 'TOTAL_ORDERS', 'FINAL_INVENTORY'];

/** Serves the page and the stream at once, and fills them as soon as Kafka is there. */
export async function startWebsocket(context: ServiceContext): Promise<void> {
  const settings = readWebsocketSettings(context.env);
  const topics = readTopics(context.env);
  const parts = createParts(settings, topics, context);
  const countMessage = context.report.counter('messages', 'Messages read from the topics');

  const { address, port, close } = await listen(settings.HOST, settings.PORT, parts.answer, parts.upgrades);
  context.onClose(async () => {
    parts.hub.closeAll();
    parts.pages.close();
    await close();
  });
  context.logger.info({ address, port }, 'page and stream are served');

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await keepTopics(kafka, kafkaSettings, [topics.serviceStatus], context);
  await readLive(
    {
      kafka,
      topics: settings.TOPICS,
      // Where customers are can only be told from all of them.
      backlog: (topic) => (topic === topics.customers.topic ? Number.POSITIVE_INFINITY : readBack),
      onMessage(topic, partition, kafkaMessage, past) {
        countMessage();
        parts.take(readMessage(topic, partition, kafkaMessage), past);
      },
      onLost(lost) {
        context.logger.warn(lost, 'messages were gone before they could be read');
        parts.hub.announceLost(lost);
      },
    },
    context,
  );
  await publishStatus(kafka, topics.serviceStatus.topic, context);
}

/** Everything that takes messages, and everything that answers. */
function createParts(settings: WebsocketSettings, topics: ShopTopics, { report, logger }: ServiceContext) {
  const readingSince = Date.now();
  const clientBytes = settings.CLIENT_BUFFER_KIB * 1_024;
  const hub = createHub({ replayPerTopic: settings.REPLAY_PER_TOPIC, replayBytes: clientBytes });
  const store = createEventStore({ count: settings.STORY_EVENTS, bytes: storeBytes });
  const view = createShopView(topics);
  const pages = createPageChannel({
    welcome: {
      stream: hub.stream,
      topics: settings.TOPICS,
      reports: [topics.serviceStatus.topic, topics.auditResults.topic, ...sums],
    },
    store,
    picture: () => ({
      type: 'picture',
      ...view.picture(),
      // "Kafka consumer", "Kafka topics": to who looks at the page it is all Kafka.
      waiting_for: [...new Set(report.snapshot().waiting_for.map((name) => name.replace(/^Kafka .*/, 'Kafka')))],
      reading_since: readingSince,
      store: { events: store.size, oldest: store.oldest },
    }),
    secondsSince: view.secondsSince,
  });
  const countMissed = report.counter('left_out', 'Messages left out for clients that were too slow');
  const paths = { ...createStreamPaths({ hub, settings, countMissed }), '/page': pages.accept };
  const upgrades = createUpgrades(settings, logger, paths);
  report.gauge('clients', 'Open connections', () => upgrades.size);
  return {
    hub,
    pages,
    upgrades,
    answer: createAnswer({
      page: createPageHandler(pageFolder),
      socketPaths: Object.keys(paths).filter((path) => path !== '/'),
      refusal: upgrades.refusal,
      onError: (err, { url }) => logger.error({ err, url }, 'request failed'),
      readerRefusal: (request) => refuseReader(request, settings.ALLOWED_ORIGINS),
      findStory: (search) => findStory(store, search, topics.customers.topic),
    }),
    /** @param past the message was there before this process started: the stream leaves it out */
    take(message: ReturnType<typeof readMessage>, past: boolean) {
      view.observe(message, past);
      if (past) store.add(message, encodeEvent(message));
      else pages.notify(store.add(message, hub.publish(message)));
    },
  };
}
