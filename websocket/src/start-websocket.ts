import { connectKafka, keepTopics, publishStatus, readTopics, type ServiceContext } from '@shop/common';
import { readMessage } from './api/read-message.ts';
import { createDistributor } from './create-distributor.ts';
import { startServer } from './http/start-server.ts';
import { readLive } from './kafka/read-live.ts';
import { readWebsocketSettings } from './settings.ts';

/** Messages of each partition that are read back at the start, so that the page has something to show. */
const readBack = 500;

/** Serves the page and the stream at once, and fills them as soon as Kafka is there. */
export async function startWebsocket(context: ServiceContext): Promise<void> {
  const settings = readWebsocketSettings(context.env);
  const topics = readTopics(context.env);
  const distributor = createDistributor(settings, topics, context.report);
  const countMessage = context.report.counter('messages', 'Messages read from the topics');

  const { address, port, close } = await startServer(settings, distributor, topics.customers.topic, context);
  context.onClose(async () => {
    distributor.close();
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
        distributor.distribute(readMessage(topic, partition, kafkaMessage), past);
      },
      onLost(lost) {
        context.logger.warn(lost, 'messages were gone before they could be read');
        distributor.hub.announceLost(lost);
      },
    },
    context,
  );
  await publishStatus(kafka, topics.serviceStatus.topic, context);
}
