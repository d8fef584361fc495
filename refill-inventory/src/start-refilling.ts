import {
  connectKafka,
  connectPostgres,
  createRandom,
  keepTopics,
  mayStatementSucceedLater,
  obeyCommands,
  openSender,
  type Product,
  publishStatus,
  type Refill,
  readProducts,
  readTopics,
  runEvery,
  type Sender,
  type ServiceContext,
  waitUntilDone,
} from '@shop/common';
import { createRefills } from './create-refills.ts';
import { createRefillCommands } from './obey-refill-commands.ts';
import { readRefillSettings } from './settings.ts';

/** Maximum refills in one request: below the broker's limit of 1 MB even when all go to one partition. */
const batchLimit = 1_000;

/** Starts to refill. Each round reads the products again. */
export async function startRefilling(context: ServiceContext): Promise<void> {
  const settings = readRefillSettings(context.env);
  const { refills: topic, serviceStatus, commands, commandResults } = readTopics(context.env);

  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await keepTopics(kafka, kafkaSettings, [topic, serviceStatus, commands, commandResults], context);
  await publishStatus(kafka, serviceStatus.topic, context);
  const postgres = await connectPostgres(context);
  const sender = await openSender(kafkaSettings, context);

  const random = createRandom(settings.SEED);
  const initial = { min: settings.REFILL_MIN, max: settings.REFILL_MAX, intervalMs: settings.REFILL_INTERVAL_MS };
  let pace = initial;
  const send = createRefillSender(sender, topic.topic, context);
  const note = createProductNotes(context);
  const rounds = runEvery(
    initial.intervalMs,
    async () => {
      const read = () => readProducts(postgres);
      const products = await waitUntilDone('Postgres', read, context, { canRetry: mayStatementSucceedLater });
      note(products);
      await send(createRefills(products, random, pace));
    },
    context,
  );
  const handlers = createRefillCommands(initial, (changed) => {
    pace = { ...pace, ...changed };
    if (changed.intervalMs !== undefined) rounds.changeInterval(changed.intervalMs);
    return pace;
  });
  obeyCommands({ kafka, settings: kafkaSettings, topics: { commands, commandResults }, handlers }, context);
}

function createRefillSender(sender: Sender, topic: string, { report, signal }: ServiceContext) {
  const countMade = report.counter('refills_made', 'Refills that Kafka acknowledged');
  const countPieces = report.counter('pieces_refilled', 'Pieces in the acknowledged refills');
  const countUnknown = report.counter('refills_unknown', 'Refills sent that Kafka neither confirmed nor refused');
  return async (refills: Refill[]): Promise<void> => {
    for (let start = 0; start < refills.length && !signal.aborted; start += batchLimit) {
      const batch = refills.slice(start, start + batchLimit);
      const messages = batch.map((refill) => ({ key: refill.product, value: JSON.stringify(refill) }));
      if (await sender.send(topic, messages)) {
        countMade(batch.length);
        countPieces(batch.reduce((sum, { refill }) => sum + refill, 0));
      } else countUnknown(batch.length);
    }
  };
}

/** Logs which products are refilled when they change. */
function createProductNotes({ report, logger }: ServiceContext): (products: Product[]) => void {
  let known: string | undefined;
  let count = 0;
  report.gauge('products', 'Products refilled in each round', () => count);
  return (products) => {
    count = products.length;
    const ids = products.map(({ id, product }) => `${id} ${product}`).join();
    if (ids === known) return;
    known = ids;
    if (count === 0) logger.warn('the table products is empty: nothing to refill');
    else logger.info({ products: count, some: products.slice(0, 10).map(({ product }) => product) }, 'refilling');
  };
}
