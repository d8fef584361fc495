import { type RunningConsumer, ShopError } from '@shop/common';
import type { Admin, TopicMessages } from 'kafkajs';
import { type Committer, CommitUnclear } from '../kafka/committer.ts';
import { readBack } from '../kafka/read-back.ts';
import type { KafkaSession } from '../kafka/session.ts';
import { type Batch, startTopicReader } from '../kafka/topic-reader.ts';
import { partitionCount } from '../kafka/topics.ts';
import { waitUntilCaughtUp } from './catch-up.ts';
import { type Deferred, deferred } from './deferred.ts';
import { positionMessage } from './position-message.ts';
import { createProgress } from './progress.ts';
import type { RunningQuery } from './running-query.ts';

interface Submitted {
  readonly query: RunningQuery;
  readonly batch: Batch;
  readonly done: Deferred<void>;
}

export type Engine = ReturnType<typeof createEngine>;

/**
 * Runs all persistent queries in one loop. Each round passes the new records to the operators and writes outputs, state
 * and positions in one Kafka transaction. Pull queries see the new rows only after the commit.
 */
export function createEngine(session: KafkaSession, admin: Admin, committer: Committer) {
  const { context, names } = session;
  const readers = new Map<RunningQuery, RunningConsumer>();
  const progress = createProgress(session, admin, committer);
  const engineRun = crypto.randomUUID();
  let inbox: Submitted[] = [];
  let transactions = 0;
  let wake = deferred<void>();
  let isStopped = false;
  let ticker: NodeJS.Timeout | undefined;
  let loop: Promise<void> = Promise.resolve();

  function submit(query: RunningQuery, batch: Batch): Promise<void> {
    if (isStopped || query.state === 'ERROR') return Promise.resolve();
    const done = deferred<void>();
    inbox.push({ query, batch, done });
    wake.resolve();
    return done.promise;
  }

  function drop(query: RunningQuery): void {
    for (const submitted of inbox) if (submitted.query === query) submitted.done.resolve();
    inbox = inbox.filter((submitted) => submitted.query !== query);
  }

  async function work(): Promise<void> {
    while (!isStopped) {
      await wake.promise;
      wake = deferred();
      const paused = inbox.filter(({ query }) => query.state === 'PAUSED');
      const taken = inbox.filter(({ query }) => query.state === 'RUNNING');
      inbox = paused;
      if (taken.length > 0 && !isStopped) await transact(taken);
      else for (const { done } of taken) done.resolve();
      if (!isStopped) await progress.showIfDue();
    }
  }

  async function transact(taken: readonly Submitted[]): Promise<void> {
    const queries = runOperators(taken);
    const transaction = `${engineRun}/${++transactions}`;
    const messages = [...queries].flatMap((query) => query.collect());
    const positions = [...queries].map((query) => positionMessage(query.id, transaction, query.advanced()));
    const committed = await commit([...merge(messages), { topic: names.positions, messages: positions }], transaction);
    for (const query of queries) {
      if (committed) query.commit();
      else query.rollback();
      progress.note(query);
    }
    if (!committed) {
      await failWithoutTopic(queries);
      return retry(taken);
    }
    for (const { done } of taken) done.resolve();
  }

  /** Processes tables before streams, so that a stream's row joins a table's row from the same round. */
  function runOperators(taken: readonly Submitted[]): Set<RunningQuery> {
    const isTable = ({ query, batch }: Submitted): number => (query.hasTable(batch.topic) ? 0 : 1);
    const queries = new Set<RunningQuery>();
    for (const { query, batch } of [...taken].sort((a, b) => isTable(a) - isTable(b))) {
      if (query.state !== 'RUNNING') continue;
      try {
        query.process(batch);
        queries.add(query);
      } catch (err) {
        fail(query, err);
        queries.delete(query);
      }
    }
    return queries;
  }

  /** Stops the queries whose output topic a user deleted; the others continue. */
  async function failWithoutTopic(queries: Iterable<RunningQuery>): Promise<void> {
    for (const query of queries) {
      for (const topic of [query.definition.sink?.topic, query.definition.changelog]) {
        if (topic === undefined || (await partitionCount(admin, topic)) !== undefined) continue;
        fail(query, new ShopError('topic_gone', `the query's output topic ${topic} was deleted`));
      }
    }
  }

  /** Stops a query after an error; the others continue. */
  function fail(query: RunningQuery, err: unknown): void {
    context.logger.error({ err, query: query.id }, 'query failed, stopping it');
    context.report.noteError(err);
    query.state = 'ERROR';
    query.rollback();
  }

  async function commit(messages: TopicMessages[], transaction: string): Promise<boolean> {
    try {
      await committer.commit(messages);
      return true;
    } catch (err) {
      if (!(err instanceof CommitUnclear)) throw err;
      context.logger.warn({ err }, 'transaction result unknown, reading it from Kafka');
      const committed = await wasCommitted(transaction);
      context.logger.info(committed ? 'transaction committed' : 'transaction aborted');
      return committed;
    }
  }

  /** Opens a new producer, which ends the open transaction, then looks for the transaction's positions. */
  async function wasCommitted(transaction: string): Promise<boolean> {
    await committer.reopen();
    let found = false;
    await readBack(session, committer, [{ topic: names.positions, partitions: 1 }], (_, __, { value }) => {
      if (value?.toString().includes(transaction) === true) found = true;
    });
    return found;
  }

  /** Processes the same records again, except those of failed queries. */
  function retry(taken: readonly Submitted[]): void {
    for (const { query, done } of taken) if (query.state === 'ERROR') done.resolve();
    inbox = [...taken.filter(({ query }) => query.state !== 'ERROR'), ...inbox];
    wake.resolve();
  }

  return {
    start(): void {
      ticker = setInterval(() => wake.resolve(), progress.everyMs);
      loop = work().catch(context.fail);
    },

    /** Starts to read a query's topics from its positions. */
    async run(query: RunningQuery): Promise<void> {
      const streams = query.topics.filter((topic) => !query.hasTable(topic));
      const joins = streams.length > 0 && streams.length < query.topics.length;
      const tablesRead = () => waitUntilCaughtUp({ admin, session }, [query], (_, topic) => query.hasTable(topic));
      const reader = await startTopicReader(session, {
        purpose: query.id,
        // A stream's row must find its match, so the tables are read to their end first.
        ...(joins ? { heldBack: { topics: streams, until: tablesRead } } : {}),
        topics: query.topics,
        // Gather changes: ksqlDB, too, writes an aggregate once per commit interval.
        gathers: query.definition.plan.aggregates,
        *positions() {
          for (const [topic, partitions] of Object.entries(query.positions())) {
            for (const [partition, offset] of Object.entries(partitions))
              yield { topic, partition: Number(partition), offset };
          }
        },
        onBatch: (batch) => submit(query, batch),
        onRecreated: (topic, partition) => query.restart(topic, partition),
        onSkipped: (topic, partition, nextOffset) => {
          if (query.state !== 'RUNNING') return;
          query.skip(topic, partition, nextOffset);
          progress.note(query);
        },
      });
      readers.set(query, reader);
      progress.note(query);
    },

    /** Processes the records that arrived while a query was paused. */
    nudge: (): void => wake.resolve(),

    /** Stops a query for good and drops the records that it has read but not processed. */
    async halt(query: RunningQuery): Promise<void> {
      const reader = readers.get(query);
      readers.delete(query);
      drop(query);
      await reader?.stop();
      await progress.forget(query);
    },

    async stop(): Promise<void> {
      isStopped = true;
      clearInterval(ticker);
      const running = [...readers.values()];
      readers.clear();
      wake.resolve();
      await loop;
      for (const { done } of inbox.splice(0)) done.resolve();
      await Promise.all(running.map((reader) => reader.stop()));
    },
  };
}

/** Merges the messages of each topic, because kafkajs accepts a topic only once per batch. */
function merge(all: readonly TopicMessages[]): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  for (const { topic, messages } of all) {
    const known = byTopic.get(topic);
    if (known === undefined) byTopic.set(topic, { topic, messages: [...messages] });
    else known.messages.push(...messages);
  }
  return [...byTopic.values()];
}
