import {
  type CommandSender,
  connectKafka,
  createCommandSender,
  followTopics,
  keepTopics,
  obeyCommands,
  openAdmin,
  publishStatus,
  readTopics,
  type ServiceContext,
  servers,
} from '@shop/common';
import { readMessage } from './api/read-message.ts';
import { createScenarioCommands } from './commands/obey-scenario.ts';
import { createDistributor } from './create-distributor.ts';
import { startServer } from './http/start-server.ts';
import { readWebsocketSettings } from './settings.ts';

/** Messages of each partition to read back at the start, so that the page has content. */
const readBack = 500;

/** Serves the page and the stream at once, and fills them when Kafka is available. */
export async function startWebsocket(context: ServiceContext): Promise<void> {
  const settings = readWebsocketSettings(context.env);
  const topics = readTopics(context.env);
  const distributor = createDistributor(settings, topics, context.report);
  const countMessage = context.report.counter('messages', 'Messages read from the topics');

  let commandSender: CommandSender | undefined;
  const { address, port, close } = await startServer(
    settings,
    distributor,
    topics.customers.topic,
    () => commandSender,
    context,
  );
  context.onClose(async () => {
    distributor.close();
    await close();
  });
  context.logger.info({ address, port }, 'page and stream are served');

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  const { serviceStatus, commands, commandResults } = topics;
  await keepTopics(kafka, kafkaSettings, [serviceStatus, commands, commandResults], context);
  await publishStatus(kafka, serviceStatus.topic, context);
  commandSender = createCommandSender(kafka, commands.topic, context);
  const handlers = createScenarioCommands(commandSender, context);
  // Someone must answer where no `npm start` owns the servers.
  const targets = settings.SERVERS_OBEY === 'yes' ? [context.name] : [context.name, ...servers];
  obeyCommands({ kafka, settings: kafkaSettings, topics, handlers, targets }, context);
  const follower = followTopics(
    {
      kafka,
      admin: await openAdmin(kafka, context, { retry: { retries: 2 } }),
      topics: settings.TOPICS,
      // The page shows where all customers live, so it needs all of their messages.
      startAt: (topic) => ({ last: topic === topics.customers.topic ? Number.POSITIVE_INFINITY : readBack }),
      onRecord(record, isPast) {
        countMessage();
        distributor.distribute(readMessage(record), isPast);
      },
      onGap(gap) {
        context.logger.warn(gap, 'records lost before they were read');
        distributor.hub.announceGap(gap);
      },
      // As often as the page draws: each fetch asks for all partitions, and many small ones cost Kafka the most.
      fetch: { maxWaitTimeInMs: 250, minBytes: 64 * 1024 },
    },
    context,
  );
  context.onClose(() => follower.stop());
  await follower.start();
}
