import { setTimeout as delay } from 'node:timers/promises';
import { deferred } from '../engine/deferred.ts';
import type { Positions } from '../engine/running-query.ts';
import { startTopicReader } from '../kafka/topic-reader.ts';
import { offsetsOf } from '../kafka/topics.ts';
import type { Receive } from '../operators/read-source.ts';
import type { SourceKind } from '../parser/ast.ts';
import type { Analysis } from '../plan/analyse.ts';
import { planQuery, type QueryPlan } from '../plan/plan-query.ts';
import { Store } from '../state/store.ts';
import { unreadableLogger } from '../statements/execute.ts';
import type { ServerState, StreamsProperties } from '../statements/server-state.ts';
import { startPositions } from '../statements/starts.ts';
import type { Row } from '../types/value.ts';
import type { AnswerRow, QueryAnswer } from './answer.ts';
import { createChangedRows } from './changed-rows.ts';

export interface Client {
  readonly queryId: string;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** Streams rows until the LIMIT or until the client disconnects. */
export async function pushQuery(
  state: ServerState,
  analysis: Analysis,
  properties: StreamsProperties,
  client: Client,
): Promise<QueryAnswer> {
  const plan = planQuery(analysis, { sinkName: null, keyFormat: analysis.sources[0]?.source.keyFormat ?? 'KAFKA' });
  const inputs = analysis.sources.map(({ source }) => ({ topic: source.topic, kind: source.kind }));
  const starts = await startPositions(state.admin, inputs, properties);
  return transient(state, analysis, plan, { starts, ends: null }, client);
}

/** Answers a pull query on a stream: reads up to the current end. */
export async function pullStream(state: ServerState, analysis: Analysis, client: Client): Promise<QueryAnswer> {
  const plan = planQuery(analysis, { sinkName: null, keyFormat: 'KAFKA' });
  const topic = analysis.sources[0]?.source.topic ?? '';
  const offsets = await offsetsOf(state.admin, topic);
  const starts = { [topic]: Object.fromEntries(offsets.map(({ partition, low }) => [partition, low])) };
  const ends = {
    [topic]: Object.fromEntries(
      offsets.filter(({ low, high }) => high > low).map(({ partition, high }) => [partition, high]),
    ),
  };
  return transient(state, analysis, plan, { starts, ends }, client);
}

interface Range {
  readonly starts: Positions;
  /** The offsets at which to stop; null for an endless query. */
  readonly ends: Positions | null;
}

function transient(
  state: ServerState,
  { query }: Analysis,
  plan: QueryPlan,
  range: Range,
  client: Client,
): QueryAnswer {
  const columns = plan.schema.value.map((column) => ({ ...column, key: false }));
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  return {
    queryId: client.queryId,
    columns,
    rows: read(state, plan, range, limit, client.signal),
    saysLimit: query.limit !== undefined,
    saysCompleted: range.ends !== null,
  };
}

/** Yields rows in batches, and fetches the next records when the client has received the previous batch. */
async function* read(
  state: ServerState,
  plan: QueryPlan,
  { starts, ends }: Range,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<readonly AnswerRow[]> {
  const positions = structuredClone(starts);
  const rows: AnswerRow[] = [];
  let left = limit;
  let wake = deferred<void>();
  let taken = deferred<void>();
  const stores: Store[] = [];
  const receivers: { topic: string; kind: SourceKind; receive: Receive }[] = [];
  const width = plan.schema.value.length;
  const add = (row: Row, tombstone = false): void => void rows.push({ columns: row.slice(0, width), tombstone });
  const changes = createChangedRows((id, after) => (after === null ? add(plan.tombstone(id), true) : add(after)));
  plan.build(
    {
      store: () => {
        const store = new Store();
        stores.push(store);
        return store;
      },
      receive: (topic, kind, receive) => receivers.push({ topic, kind, receive }),
      onUnreadable: unreadableLogger(state),
    },
    {
      stream: ({ row, hasValue }) => hasValue && add(row),
      table: changes.note,
    },
  );
  const atEnd = (): boolean =>
    ends !== null &&
    Object.entries(ends).every(([topic, partitions]) =>
      Object.entries(partitions).every(([partition, end]) => (positions[topic]?.[partition] ?? 0) >= end),
    );
  const advance = (topic: string, partition: number, next: number): void => {
    positions[topic] ??= {};
    positions[topic][partition] = Math.max(positions[topic][partition] ?? 0, next);
    wake.resolve();
  };
  const topicsOf = (wanted: SourceKind): string[] =>
    receivers.filter(({ kind }) => kind === wanted).map(({ topic }) => topic);
  const tables = topicsOf('TABLE');
  const streams = topicsOf('STREAM').filter((topic) => !tables.includes(topic));
  const tablesRead = async (): Promise<void> => {
    for (const topic of tables) {
      const offsets = await offsetsOf(state.admin, topic);
      const isBehind = (): boolean =>
        offsets.some(({ partition, low, high }) => high > low && (positions[topic]?.[partition] ?? 0) < high);
      while (isBehind() && !signal.aborted) await delay(10);
    }
  };
  const onAbort = (): void => wake.resolve();
  if (limit <= 0 || atEnd()) return;
  signal.addEventListener('abort', onAbort);
  const reader = await startTopicReader(state.session, {
    purpose: 'push',
    topics: Object.keys(starts),
    ...(streams.length > 0 && tables.length > 0 ? { heldBack: { topics: streams, until: tablesRead } } : {}),
    *positions() {
      for (const [topic, partitions] of Object.entries(positions))
        for (const [partition, offset] of Object.entries(partitions))
          yield { topic, partition: Number(partition), offset };
    },
    async onBatch({ topic, partition, messages, nextOffset }) {
      const from = positions[topic]?.[partition] ?? 0;
      const end = ends?.[topic]?.[partition] ?? Number.POSITIVE_INFINITY;
      for (const { key, value, offset, timestamp } of messages) {
        if (Number(offset) < from || Number(offset) >= end) continue;
        for (const receiver of receivers)
          if (receiver.topic === topic)
            receiver.receive({ key, value, partition, offset, timestamp: Number(timestamp) });
      }
      for (const store of stores) store.commit();
      changes.flush();
      advance(topic, partition, nextOffset);
      if (rows.length > 0) await taken.promise;
    },
    onSkipped: advance,
    onRecreated(topic, partition) {
      positions[topic] = { ...positions[topic], [partition]: 0 };
    },
  });
  try {
    while (!signal.aborted && left > 0) {
      await wake.promise;
      wake = deferred();
      const portion = rows.splice(0).slice(0, left);
      left -= portion.length;
      if (portion.length > 0) yield portion;
      taken.resolve();
      taken = deferred();
      if (rows.length === 0 && atEnd()) return;
    }
  } finally {
    taken.resolve();
    signal.removeEventListener('abort', onAbort);
    await reader.stop();
  }
}
