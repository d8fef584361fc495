import { connectKafka, obeyCommands, readTopics, runService } from '../../src/index.ts';

/** A service that obeys only what every service obeys. */
await runService('order-service', async (context) => {
  const { kafka, settings } = await connectKafka(context);
  obeyCommands({ kafka, settings, topics: readTopics(context.env) }, context);
});
