import { KsqldbError, ShopError } from '@shop/common';
import type { Command } from './command.ts';

export const stillRunning = ({ where }: Command) =>
  new ShopError(
    'command_open',
    `${where}: ksqlDB may still be executing it; no other statement is sent until the result is known`,
    {
      canRetry: true,
    },
  );

/** ksqlDB has taken nothing: it refused the command, or no connection was made. */
export const isRefusal = (error: unknown) =>
  error instanceof KsqldbError &&
  (error.neverSent ||
    (error.status !== undefined && error.status < 500 && error.status !== 408) ||
    lasting.test(error.message));

/** An answer of ksqlDB itself, not of a proxy that gave up: the request has ended. */
export const isAnswer = (error: unknown) => error instanceof KsqldbError && error.errorCode !== undefined;

/** Nothing listens, or the server is starting: the process that had the command has ended. */
export const showsRestart = (error: unknown) =>
  error instanceof KsqldbError && (error.neverSent || (error.status === 503 && error.errorCode === 50302));

/** Names the command in front of the reason. Errors of the server as a whole stay as they are. */
export function describeFailure(command: Command, cause: unknown): unknown {
  if (!(cause instanceof ShopError) || cause.code === 'ksqldb_away' || cause.code === 'command_open') return cause;
  const words = cause.message.replaceAll(/\s*\n\s*/g, ' ');
  const code = topicMissing.test(words) ? 'topic_missing' : 'statement';
  return new ShopError(code, `${command.where}: ${words}`, { cause, canRetry: mayPass(cause) });
}

/** The topic may be created later; ksqlDB's message continues with how to create it. */
const topicMissing = /: Topic '.*' does not exist/;
/** The command log was lost between request and answer (404), or another program wrote to it. */
const passing = /Command not found|fenced|timed? ?out/i;
/** A server error that waiting does not fix: topic or statement must be changed. */
const lasting = /already exists, with different/i;

function mayPass({ message, canRetry }: ShopError): boolean {
  return (canRetry || topicMissing.test(message) || passing.test(message)) && !lasting.test(message);
}
