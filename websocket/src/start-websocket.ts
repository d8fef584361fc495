import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { connectKafka, ensureTopics, publishStatus, readTopics, type ServiceContext, ShopError } from '@shop/common';
import { createPageHandler } from './http/serve-page.ts';
import { createUpgrades } from './http/upgrades.ts';
import { readLive } from './kafka/read-live.ts';
import { readWebsocketSettings, type WebsocketSettings } from './settings.ts';
import { acceptStream } from './stream/accept-stream.ts';
import { createHub, type Hub } from './stream/hub.ts';
import { readMessage } from './stream/read-message.ts';

const pageFolder = fileURLToPath(new URL('../plain', import.meta.url));

/** Serves the page and the stream at once, and fills the stream as soon as Kafka is there. */
export async function startWebsocket(context: ServiceContext): Promise<void> {
  const settings = readWebsocketSettings(context.env);
  const topics = readTopics(context.env);
  const hub = createHub();
  const countMessage = context.report.counter('messages', 'Messages read from the topics');
  await listen(settings, hub, context);

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await ensureTopics(kafka, kafkaSettings, [topics.serviceStatus], context);
  await readLive(
    {
      kafka,
      topics: settings.TOPICS,
      onMessage(topic, partition, message) {
        countMessage();
        hub.publish(readMessage(topic, partition, message));
      },
      onLost(lost) {
        context.logger.warn(lost, 'messages were gone before they could be read');
        hub.announceLost(lost);
      },
    },
    context,
  );
  await publishStatus(kafka, topics.serviceStatus.topic, context);
}

async function listen(settings: WebsocketSettings, hub: Hub, context: ServiceContext): Promise<void> {
  const countMissed = context.report.counter('left_out', 'Messages left out for clients that were too slow');
  const upgrades = createUpgrades(settings, context.logger, (connection) =>
    acceptStream(connection, { hub, settings, countMissed }),
  );
  context.report.gauge('clients', 'Open connections', () => upgrades.size);
  const server = createServer(createPageHandler(pageFolder));
  server.on('upgrade', upgrades.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explainListenError(cause, settings)));
    server.listen(settings.PORT, settings.HOST, resolve);
  });
  context.onClose(async () => {
    hub.closeAll();
    const closed = new Promise((resolve) => server.close(resolve));
    await upgrades.close();
    server.closeAllConnections();
    await closed;
  });
  const { address, port } = server.address() as AddressInfo;
  context.logger.info({ address, port }, 'page and stream are served');
}

function explainListenError(cause: Error, { HOST, PORT }: WebsocketSettings): Error {
  if (!('code' in cause) || cause.code !== 'EADDRINUSE') return cause;
  return new ShopError('port_taken', `port ${PORT} on ${HOST} is taken: end what listens there, or set PORT`, {
    cause,
  });
}
