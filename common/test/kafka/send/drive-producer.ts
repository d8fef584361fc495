import { createRequire } from 'node:module';
import type { Message, Producer } from 'kafkajs';
import { loadKafkajs } from '../../../src/kafka/send/load-kafkajs.ts';
import { createStubCluster, type Fate, topic } from './stub-cluster.ts';

type CreateProducer = (options: object) => Producer;

/** The producers of kafkajs, with its own `sendMessages` and with the one that takes its place. */
export const producers: Record<'kafkajs' | 'shop', CreateProducer> = {
  kafkajs: createRequire(import.meta.url)('kafkajs/src/producer'),
  shop: loadKafkajs('kafkajs/src/producer/index') as CreateProducer,
};

/** One call of `send`: for each message its partition, or nothing where the partitioner is to choose. */
export type Send = (number | undefined)[];

export interface Plan {
  fates: Fate[];
  retries: number;
  /** One after the other. The sends of a round are called at once, and in a transaction belong to the same one. */
  rounds: Send[][];
  /** After a failed transaction that could be aborted, go on with the same producer. */
  reuse: boolean;
  /** Commit although a send failed. That must not succeed. */
  careless: boolean;
}

/** What the producer has claimed, and what the partitions hold. */
export interface Run {
  /** Messages of sends that resolved, or of transactions whose commit did. */
  claimed: Set<string>;
  /** Messages of sends that failed, or of transactions whose commit has no clear answer. */
  unclear: Set<string>;
  logs: string[][];
}

const silent = () => {};
const logger = { info: silent, warn: silent, error: silent, debug: silent, namespace: () => logger };

function open(create: CreateProducer, { retries }: Plan, stub: ReturnType<typeof createStubCluster>, options: object) {
  const { DefaultPartitioner } = createRequire(import.meta.url)('kafkajs/src/producer/partitioners');
  return create({
    cluster: stub.cluster,
    logger,
    createPartitioner: DefaultPartitioner,
    retry: { initialRetryTime: 1, maxRetryTime: 2, retries },
    ...options,
  });
}

/** Gives every message another value, ascending in the order of the calls. */
function toMessages(rounds: Plan['rounds']): Message[][][] {
  let count = 0;
  return rounds.map((sends) =>
    sends.map((send) =>
      send.map((partition) => ({ value: String(count++), ...(partition !== undefined && { partition }) })),
    ),
  );
}

const valuesOf = (messages: Message[]) => messages.map(({ value }) => String(value));

async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch {
      // Fates are finite, so a later attempt succeeds.
    }
}

/** Sends as `openSender` does: after a failure the batch is given up, and another producer opened. */
export async function runIdempotent(create: CreateProducer, plan: Plan): Promise<Run> {
  const stub = createStubCluster(plan.fates);
  const run: Run = { claimed: new Set(), unclear: new Set(), logs: [] };
  const openConnected = async () => {
    const opened = open(create, plan, stub, { idempotent: true });
    await untilDone(() => opened.connect());
    return opened;
  };
  let producer = await openConnected();
  for (const sends of toMessages(plan.rounds)) {
    const results = await Promise.allSettled(sends.map((messages) => producer.send({ topic, messages, acks: -1 })));
    results.forEach(({ status }, index) => {
      for (const value of valuesOf(sends[index] ?? [])) (status === 'fulfilled' ? run.claimed : run.unclear).add(value);
    });
    if (results.some(({ status }) => status === 'rejected')) producer = await openConnected();
  }
  await stub.settle();
  return { ...run, logs: stub.logs.map((log) => log.read()) };
}

/** Sends as shipping does: each round in one transaction, and after an error a new producer of the same id. */
export async function runTransactional(create: CreateProducer, plan: Plan): Promise<Run> {
  const stub = createStubCluster(plan.fates);
  const run = { claimed: new Set<string>(), unclear: new Set<string>() };
  const openFenced = async () => {
    const opened = open(create, plan, stub, { transactionalId: 'shop' });
    await untilDone(() => opened.connect());
    await untilDone(async () => (await opened.transaction()).abort());
    return opened;
  };
  /** @returns whether the producer can be used further */
  const runRound = async (producer: Producer, sends: Message[][]): Promise<boolean> => {
    const values = sends.flatMap(valuesOf);
    const transaction = await producer.transaction();
    const results = sends.map((messages) => transaction.send({ topic, messages, acks: -1 }));
    try {
      await (plan.careless ? Promise.allSettled(results) : Promise.all(results));
    } catch {
      return transaction.abort().then(
        () => plan.reuse,
        () => false,
      );
    }
    const haveArrived = (await Promise.allSettled(results)).every(({ status }) => status === 'fulfilled');
    try {
      await transaction.commit();
      for (const value of values) run.claimed.add(value);
      return true;
    } catch {
      if (haveArrived) for (const value of values) run.unclear.add(value);
      return false;
    }
  };
  let producer = await openFenced();
  for (const sends of toMessages(plan.rounds)) if (!(await runRound(producer, sends))) producer = await openFenced();
  await stub.settle();
  // Aborts open transactions, as the next owner of the id does.
  await openFenced();
  return { ...run, logs: stub.logs.map((log) => log.read()) };
}
