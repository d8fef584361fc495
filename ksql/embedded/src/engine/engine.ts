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
import { createProgress, type Progress } from './progress.ts';
import type { RunningQuery } from './running-query.ts';

interface Submitted {
  readonly query: RunningQuery;
  readonly batch: Batch;
  readonly done: Deferred<void>;
}

/**
 * Runs all persistent queries in one loop: whatever records have come are put through the operators, and what that makes
 * of outputs, state and positions is written in one Kafka transaction; only then do the stores show it.
 */
export class Engine {
  readonly #session: KafkaSession;
  readonly #admin: Admin;
  readonly #committer: Committer;
  readonly #readers = new Map<RunningQuery, RunningConsumer>();
  readonly #onCommit = new Set<() => void>();
  readonly #progress: Progress;
  readonly #run = crypto.randomUUID();
  #inbox: Submitted[] = [];
  #transactions = 0;
  #wake = deferred<void>();
  #stopped = false;
  #ticker: NodeJS.Timeout | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(session: KafkaSession, admin: Admin, committer: Committer) {
    this.#session = session;
    this.#admin = admin;
    this.#committer = committer;
    this.#progress = createProgress(session, admin, committer);
  }

  start(): void {
    this.#ticker = setInterval(() => this.#wake.resolve(), this.#progress.everyMs);
    this.#loop = this.#work().catch(this.#session.context.fail);
  }

  /** Calls after every transaction; returns how to stop that. */
  onCommit(listener: () => void): () => void {
    this.#onCommit.add(listener);
    return () => this.#onCommit.delete(listener);
  }

  /** Starts to read a query's topics from its positions. */
  async run(query: RunningQuery): Promise<void> {
    const streams = query.topics.filter((topic) => !query.hasTable(topic));
    const joins = streams.length > 0 && streams.length < query.topics.length;
    const reader = await startTopicReader(this.#session, {
      purpose: query.id,
      // A stream's row has to meet the table as it was, so what there is of the table is read first.
      ...(joins ? { heldBack: { topics: streams, until: () => this.#tablesRead(query) } } : {}),
      topics: query.topics,
      // As ksqlDB, which writes aggregates once per commit interval.
      gathers: query.definition.plan.aggregates,
      *positions() {
        for (const [topic, partitions] of Object.entries(query.positions())) {
          for (const [partition, offset] of Object.entries(partitions))
            yield { topic, partition: Number(partition), offset };
        }
      },
      onBatch: (batch) => this.#submit(query, batch),
      onAnew: (topic, partition) => query.restart(topic, partition),
      onSkipped: (topic, partition, nextOffset) => {
        if (query.state !== 'RUNNING') return;
        query.skip(topic, partition, nextOffset);
        this.#progress.note(query);
      },
    });
    this.#readers.set(query, reader);
    this.#progress.note(query);
  }

  #tablesRead(query: RunningQuery): Promise<void> {
    return waitUntilCaughtUp({ admin: this.#admin, session: this.#session }, [query], (_, topic) =>
      query.hasTable(topic),
    );
  }

  /** Stops reading for a query, for good; what it has read and not written is forgotten. */
  async halt(query: RunningQuery): Promise<void> {
    const reader = this.#readers.get(query);
    this.#readers.delete(query);
    this.#drop(query);
    await reader?.stop();
    await this.#progress.forget(query);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#ticker);
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    this.#wake.resolve();
    await this.#loop;
    for (const { done } of this.#inbox.splice(0)) done.resolve();
    await Promise.all(readers.map((reader) => reader.stop()));
  }

  #submit(query: RunningQuery, batch: Batch): Promise<void> {
    if (this.#stopped || query.state === 'ERROR') return Promise.resolve();
    const done = deferred<void>();
    this.#inbox.push({ query, batch, done });
    this.#wake.resolve();
    return done.promise;
  }

  #drop(query: RunningQuery): void {
    for (const submitted of this.#inbox) if (submitted.query === query) submitted.done.resolve();
    this.#inbox = this.#inbox.filter((submitted) => submitted.query !== query);
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      await this.#wake.promise;
      this.#wake = deferred();
      const paused = this.#inbox.filter(({ query }) => query.state === 'PAUSED');
      const taken = this.#inbox.filter(({ query }) => query.state === 'RUNNING');
      this.#inbox = paused;
      if (taken.length > 0 && !this.#stopped) await this.#transact(taken);
      else for (const { done } of taken) done.resolve();
      if (!this.#stopped) await this.#progress.showIfDue();
    }
  }

  /** Lets a resumed query's records go on. */
  nudge(): void {
    this.#wake.resolve();
  }

  async #transact(taken: readonly Submitted[]): Promise<void> {
    const queries = this.#process(taken);
    const transaction = `${this.#run}/${++this.#transactions}`;
    const messages = [...queries].flatMap((query) => query.collect());
    const positions = [...queries].map((query) => positionMessage(query.id, transaction, query.advanced()));
    const committed = await this.#commit(
      [...merge(messages), { topic: this.#session.names.positions, messages: positions }],
      transaction,
    );
    for (const query of queries) {
      if (committed) query.commit();
      else query.rollback();
      this.#progress.note(query);
    }
    if (!committed) {
      await this.#failWithoutTopic(queries);
      return this.#again(taken);
    }
    for (const { done } of taken) done.resolve();
    for (const listener of this.#onCommit) listener();
  }

  /** Tables before streams, so that a stream's row meets the table's row that came with it. */
  #process(taken: readonly Submitted[]): Set<RunningQuery> {
    const isTable = ({ query, batch }: Submitted): number => (query.hasTable(batch.topic) ? 0 : 1);
    const queries = new Set<RunningQuery>();
    for (const { query, batch } of [...taken].sort((a, b) => isTable(a) - isTable(b))) {
      if (query.state !== 'RUNNING') continue;
      try {
        query.process(batch);
        queries.add(query);
      } catch (err) {
        this.#fail(query, err);
        queries.delete(query);
      }
    }
    return queries;
  }

  /** When a user has deleted a topic, only its query stops; the others continue. */
  async #failWithoutTopic(queries: Iterable<RunningQuery>): Promise<void> {
    for (const query of queries) {
      for (const topic of [query.definition.sink?.topic, query.definition.changelog]) {
        if (topic === undefined || (await partitionCount(this.#admin, topic)) !== undefined) continue;
        this.#fail(query, new ShopError('topic_gone', `the topic ${topic}, which the query writes, was deleted`));
      }
    }
  }

  /** A query that cannot go on stops; the others do not. */
  #fail(query: RunningQuery, err: unknown): void {
    this.#session.context.logger.error({ err, query: query.id }, 'the query failed and is stopped');
    this.#session.context.report.noteError(err);
    query.state = 'ERROR';
    query.rollback();
  }

  async #commit(messages: TopicMessages[], transaction: string): Promise<boolean> {
    const { logger } = this.#session.context;
    try {
      await this.#committer.commit(messages);
      return true;
    } catch (err) {
      if (!(err instanceof CommitUnclear)) throw err;
      logger.warn({ err }, 'a transaction did not end; asking Kafka what became of it');
      const committed = await this.#whatBecameOf(transaction);
      logger.info({ committed }, 'Kafka says what became of the transaction');
      return committed;
    }
  }

  /** Opens a new producer, which settles every open transaction, and looks for this one's positions. */
  async #whatBecameOf(transaction: string): Promise<boolean> {
    await this.#committer.reopen();
    let found = false;
    await readBack(
      this.#session,
      this.#committer,
      [{ topic: this.#session.names.positions, partitions: 1 }],
      (_, __, { value }) => {
        if (value?.toString().includes(transaction) === true) found = true;
      },
    );
    return found;
  }

  /** The same records once more, but for those of a query that failed. */
  #again(taken: readonly Submitted[]): void {
    for (const { query, done } of taken) if (query.state === 'ERROR') done.resolve();
    this.#inbox = [...taken.filter(({ query }) => query.state !== 'ERROR'), ...this.#inbox];
    this.#wake.resolve();
  }
}

/** kafkajs takes each topic once. */
function merge(all: readonly TopicMessages[]): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  for (const { topic, messages } of all) {
    const known = byTopic.get(topic);
    if (known === undefined) byTopic.set(topic, { topic, messages: [...messages] });
    else known.messages.push(...messages);
  }
  return [...byTopic.values()];
}
