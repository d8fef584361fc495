import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceContext } from '@shop/common';
import { connectKafka, ensureTopics, readTopics, ShopError } from '@shop/common';
import type { CheckResult } from './findings/check-result.ts';
import { openAudit } from './open-audit.ts';
import { readAuditSettings } from './settings.ts';

interface AuditOnceOptions {
  /** Nothing is in progress any more: an order that waits or has no outcome is lost. */
  quiet: boolean;
  /** How long to continue while a result may still change, ms. Counts from when the topics are read. */
  patienceMs: number;
  /** Called after each round. */
  onRound?(results: readonly CheckResult[]): void;
}

/** Pause between two rounds, ms. */
const pauseMs = 1_000;
/** P5 compares a busy shop with earlier rounds, and the first message of the stream takes a moment. */
const leastRounds = 4;

/**
 * Audits a shop once: reads all topics from their beginning, and runs rounds until no result may still change. Everything is
 * closed with the context.
 *
 * @throws SettingError, or ShopError when Kafka refuses login or certificate
 */
export async function auditOnce(
  { quiet, patienceMs, onRound }: AuditOnceOptions,
  context: ServiceContext,
): Promise<CheckResult[]> {
  const settings = readAuditSettings(context.env);
  const topics = readTopics(context.env);
  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  const { auditResults: _, serviceStatus: __, ...read } = topics;
  await ensureTopics(kafka, kafkaSettings, Object.values(read), context);
  const audit = await openAudit({ kafka, topics, settings }, context);
  let readAt: number | undefined;
  for (let round = 1; ; round++) {
    await audit.round(quiet);
    const results = audit.results();
    onRound?.(results);
    // Reading may take any time, unless no message arrives any more.
    if (!audit.reading || audit.idleMs > patienceMs) readAt ??= Date.now();
    const isOver = readAt !== undefined && Date.now() - readAt >= patienceMs;
    if (round >= leastRounds && (!audit.undecided() || isOver)) return results;
    if (context.signal.aborted) throw new ShopError('aborted', 'the audit was stopped');
    await delay(pauseMs, undefined, { signal: context.signal });
  }
}
