import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { createCommand } from './command.ts';
import type { CommandChannel } from './command-channel.ts';
import { describeState } from './compare.ts';
import { dropWithReaders } from './drop-with-readers.ts';
import type { KafkaView } from './kafka-view.ts';
import { createProgressWatch } from './query-progress.ts';
import { describeStatement, type Statement } from './read-statements.ts';
import { createSightings } from './seen-for.ts';

export interface GuardPlan {
  ksqldb: KsqldbClient;
  channel: CommandChannel;
  kafka: KafkaView;
  statements: Statement[];
  /** How long a query may make no progress with messages to read before its table is recreated, ms; doubles each time. */
  stuckMs: number;
  /** How long a sink topic or a query must be missing to count as missing, ms: another broker may know more. */
  missingMs: number;
  logger: Logger;
}

export interface TableGuard {
  /**
   * Checks that every table is filled: its query exists, its sink topic exists, and the query makes progress. Drops a table
   * that is not. The next round recreates it.
   *
   * @throws ShopError for the first problem
   */
  check(catalogue: Catalogue): Promise<void>;
  /** Starts over: ksqlDB or Kafka did not answer. */
  forget(): void;
}

/** The longest wait is 2 to this power times `stuckMs`. */
const mostDoublings = 6;

const explanation = z.tuple([z.looseObject({ queryDescription: z.looseObject({ sources: z.array(z.string()) }) })]);

export function createTableGuard(plan: GuardPlan): TableGuard {
  const { ksqldb, channel, kafka, statements, logger, missingMs } = plan;
  const filled = statements.filter(({ sourceTopic }) => sourceTopic === undefined);
  const missing = createSightings();
  const progress = createProgressWatch();
  const sourcesOf = new Map<string, string[]>();
  const repairs = new Map<string, number>();
  let serviceId: string | undefined;

  async function readSources(queryId: string): Promise<string[]> {
    const known = sourcesOf.get(queryId);
    if (known) return known;
    const parsed = explanation.safeParse(await ksqldb.execute(`EXPLAIN \`${queryId.replaceAll('`', '``')}\`;`));
    const sources = parsed.success ? parsed.data[0].queryDescription.sources : [];
    sourcesOf.set(queryId, sources);
    return sources;
  }

  /** @returns for how long the query has made no progress, ms */
  async function readStandstill(queryId: string, { sources }: Catalogue, topics: Set<string>): Promise<number> {
    const read = (await readSources(queryId)).flatMap((name) => sources.get(name)?.topic ?? []);
    serviceId ??= await ksqldb.serviceId();
    const group = `_confluent-ksql-${serviceId}query_${queryId}`;
    const positions = await kafka.readPositions(
      group,
      read.filter((topic) => topics.has(topic)),
    );
    return positions ? progress.note(queryId, positions) : 0;
  }

  async function findTrouble(statement: Statement, catalogue: Catalogue, topics: Set<string>): Promise<Trouble> {
    const { name } = statement;
    const query = catalogue.queries.get(name);
    const topic = catalogue.sources.get(name)?.topic ?? name;
    const goneMs = missing.note(`query ${name}`, query === undefined);
    if (query === undefined) {
      // Between "executing" and "executed" ksqlDB lists the table and not yet its query.
      const isGone = goneMs >= missingMs && !(await channel.isUnderWay(createCommand(statement)));
      return {
        statement,
        error: isGone ? describeState(statement, undefined) : wait(statement, 'its query is not listed yet'),
      };
    }
    const topicMs = missing.note(`topic ${name}`, !topics.has(topic));
    if (topicMs >= missingMs) return { statement, recreate: `its topic ${topic} does not exist` };
    if (!topics.has(topic)) return { statement, error: wait(statement, `its topic ${topic} is not listed`) };
    if (query.state === 'PAUSED') return { statement, error: describeState(statement, query.state) };
    const standstillMs = await readStandstill(query.id, catalogue, topics);
    if (standstillMs >= plan.stuckMs * 2 ** (repairs.get(name) ?? 0))
      return {
        statement,
        recreate: `its query ${query.id} has read nothing for ${Math.round(standstillMs / 1_000)} s`,
      };
    return { statement, error: describeState(statement, query.state) };
  }

  async function findTroubles(catalogue: Catalogue): Promise<Trouble[]> {
    const topics = await kafka.listTopics();
    const troubles: Trouble[] = [];
    for (const statement of filled.filter(({ name }) => catalogue.sources.has(name)))
      troubles.push(await findTrouble(statement, catalogue, topics));
    return troubles;
  }

  async function recreate(statement: Statement, reason: string): Promise<never> {
    const { name } = statement;
    logger.warn({ statement: describeStatement(statement), reason }, 'the table is not filled, recreating it');
    forget();
    await dropWithReaders(statement, { ksqldb, channel, statements, logger });
    repairs.set(name, Math.min((repairs.get(name) ?? 0) + 1, mostDoublings));
    throw new ShopError('table_dropped', `${describeStatement(statement)}: recreating it, because ${reason}`, {
      canRetry: true,
    });
  }

  function forget(): void {
    missing.clear();
    progress.clear();
  }

  return {
    forget,
    async check(catalogue) {
      const troubles = await findTroubles(catalogue).catch((error) => {
        forget();
        throw error;
      });
      const broken = troubles.find(({ recreate: reason }) => reason !== undefined);
      if (broken?.recreate !== undefined) await recreate(broken.statement, broken.recreate);
      const [first] = troubles.flatMap(({ error }) => error ?? []);
      if (first) throw first;
    },
  };
}

interface Trouble {
  statement: Statement;
  error?: ShopError | undefined;
  /** Why the table must be recreated. */
  recreate?: string;
}

const wait = (statement: Statement, what: string) =>
  new ShopError('table_starting', `${describeStatement(statement)}: ${what}`, { canRetry: true });
