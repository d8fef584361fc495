import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceContext } from '@shop/common';
import { connectKafka, ensureTopics, readTopics, ShopError } from '@shop/common';
import type { CheckResult } from './findings/check-result.ts';
import { openAudit } from './open-audit.ts';
import { readAuditSettings } from './settings.ts';

export interface AuditOnceOptions {
  /** Nothing is under way any more: an order without an outcome, or one that waits, is lost. */
  quiet: boolean;
  /** How long to go on while a further round may still decide something, ms: counted once the topics are read. */
  patienceMs: number;
  /** Called after each round. */
  onRound?(results: readonly CheckResult[]): void;
}

/** Between two rounds, ms. */
const pauseMs = 1_000;
/** P5 compares a busy shop with a while ago, and the stream needs a moment to show something. */
const leastRounds = 4;

/**
 * Audits a shop as it is now: reads all topics from their beginning, and looks until nothing is undecided any
 * more. Opens everything with the context, whose end closes it.
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
    // Reading takes as long as it takes, unless nothing comes any more.
    if (!audit.reading || audit.stillMs > patienceMs) readAt ??= Date.now();
    const isOver = readAt !== undefined && Date.now() - readAt >= patienceMs;
    if (round >= leastRounds && (!audit.undecided() || isOver)) return results;
    if (context.signal.aborted) throw new ShopError('aborted', 'the audit was ended');
    await delay(pauseMs, undefined, { signal: context.signal });
  }
}
