import {
  connectKafka,
  keepTopics,
  obeyCommands,
  openSender,
  publishStatus,
  readTopics,
  runEvery,
  type ServiceContext,
  waitUntilDone,
} from '@shop/common';
import type { CheckResult } from './findings/check-result.ts';
import { openAudit } from './open-audit.ts';
import { readAuditSettings } from './settings.ts';

/** Audits the running shop, and publishes the result of each check after every round. */
export async function startAudit(context: ServiceContext): Promise<void> {
  const settings = readAuditSettings(context.env);
  const topics = readTopics(context.env);
  const { kafka, settings: kafkaSettings } = await connectKafka(context);
  await keepTopics(kafka, kafkaSettings, Object.values(topics), context);
  await publishStatus(kafka, topics.serviceStatus.topic, context);
  obeyCommands({ kafka, settings: kafkaSettings, topics }, context);
  const sender = await openSender(kafkaSettings, context);
  const audit = await openAudit({ kafka, topics, settings }, context);

  const countRound = context.report.counter('rounds', 'Rounds of checks');
  let results: CheckResult[] = [];
  context.report.gauge('promises_broken', 'Promises that are broken', () => countStates(results, 'violated'));
  context.report.gauge('promises_unchecked', 'Promises that cannot be checked', () =>
    countStates(results, 'unchecked'),
  );

  runEvery(
    settings.AUDIT_INTERVAL_MS,
    async () => {
      await waitUntilDone('Kafka', () => audit.round(), context);
      const before = results;
      results = audit.results();
      logChanges(before, results, context);
      const messages = results.map((result) => ({ key: result.check, value: JSON.stringify(result) }));
      await sender.send(topics.auditResults.topic, messages);
      countRound();
    },
    context,
  );
}

const countStates = (results: readonly CheckResult[], state: CheckResult['state']) =>
  results.filter((result) => result.state === state).length;

function logChanges(before: readonly CheckResult[], after: readonly CheckResult[], { logger }: ServiceContext): void {
  for (const { check, promise, state, text, first } of after) {
    const stateBefore = before.find((result) => result.check === check)?.state;
    if (state === stateBefore) continue;
    if (state === 'violated') logger.error({ check, promise, text, first }, 'promise broken');
    else logger.info({ check, promise, state, text }, 'promise checked');
  }
}
