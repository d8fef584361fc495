import { setTimeout as delay } from 'node:timers/promises';
import { type KsqldbClient, KsqldbError, ShopError, type StatementAnswer } from '@shop/common';
import { describeStatement, type Statement } from './read-statements.ts';

const pollMs = 250;
/** A statement that takes longer than this is looked for again from the beginning; ksqlDB may still carry it out. */
const longestExecutionMs = 120_000;

/**
 * Sends one statement and waits until ksqlDB has carried it out.
 *
 * @returns what ksqlDB said about it, e.g. "Table created"
 * @throws ShopError naming file and statement; `canRetry` when a later try may succeed
 */
export async function applyStatement(ksqldb: KsqldbClient, statement: Statement, signal: AbortSignal): Promise<string> {
  try {
    const answers = await ksqldb.execute(`${statement.text};`, statement.properties);
    return await waitForOutcome(ksqldb, answers[0], signal);
  } catch (cause) {
    if (!(cause instanceof ShopError) || cause.code === 'ksqldb_away') throw cause;
    const words = cause.message.replaceAll(/\s*\n\s*/g, ' ');
    const code = topicMissing.test(words) ? 'topic_missing' : 'statement';
    throw new ShopError(code, `${describeStatement(statement)}: ${words}`, { cause, canRetry: mayPass(cause) });
  }
}

async function waitForOutcome(
  ksqldb: KsqldbClient,
  answer: StatementAnswer | undefined,
  signal: AbortSignal,
): Promise<string> {
  // It was there already, made by someone else since we looked.
  if (answer?.['@type'] === 'warning_entity') return String(answer['message']);
  const { commandId, commandStatus } = answer ?? {};
  if (commandId === undefined || commandStatus === undefined)
    throw new KsqldbError('ksqldb_answer', 'the answer tells no outcome', { canRetry: true });
  const deadline = Date.now() + longestExecutionMs;
  let outcome = commandStatus;
  // After 5 s ksqlDB answers although it is still at work.
  while (isUnderWay(outcome.status) && Date.now() < deadline) {
    await delay(pollMs, undefined, { signal });
    outcome = await ksqldb.commandStatus(commandId);
  }
  if (outcome.status === 'SUCCESS') return outcome.message;
  throw new KsqldbError('ksqldb_outcome', `${outcome.status}: ${outcome.message}`, {
    canRetry: isUnderWay(outcome.status),
  });
}

const isUnderWay = (status: string) => status === 'EXECUTING' || status === 'QUEUED' || status === 'PARSING';

/** It may still come; ksqlDB goes on to say how to make one. */
const topicMissing = /: Topic '.*' does not exist/;
/** The command log was lost between question and answer (404), or somebody else wrote to it. */
const passing = /Command not found|fenced|timed? ?out/i;
/** A server error that is none: it comes back until somebody changes topic or statement. */
const lasting = /already exists, with different/i;

function mayPass({ message, canRetry }: ShopError): boolean {
  return (canRetry || topicMissing.test(message) || passing.test(message)) && !lasting.test(message);
}
