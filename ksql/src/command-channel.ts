import { type KsqldbClient, KsqldbError, type Logger, pause, type StatementAnswer } from '@shop/common';
import { readCatalogue } from './catalogue.ts';
import type { Command } from './command.ts';
import { describeFailure, isAnswer, isRefusal, showsRestart, stillRunning } from './command-errors.ts';
import { createSeenFor, type SeenFor } from './seen-for.ts';

const pollMs = 250;

/** Sends commands to ksqlDB, one at a time. */
export interface CommandChannel {
  /**
   * Sends a command and waits until ksqlDB has executed it.
   *
   * @returns ksqlDB's message, for example "Table created"
   * @throws ShopError that names the command; `canRetry` when a later try may succeed
   */
  run(command: Command): Promise<string>;
  /**
   * Waits for the outcome of the command whose outcome is unknown. Returns when there is no such command.
   *
   * @throws ShopError with `canRetry` while the outcome is unknown
   */
  settle(): Promise<void>;
  /** Treats a command as sent by an earlier process: `settle` waits for it. */
  suspect(command: Command): void;
  /** Whether ksqlDB is executing this command. @throws KsqldbError */
  isUnderWay(command: Command): Promise<boolean>;
}

export interface ChannelPlan {
  /** For queries, with a short time-out. */
  ksqldb: KsqldbClient;
  /** For commands, with a long time-out. */
  commands: KsqldbClient;
  /** How long ksqlDB must answer without knowing a command before the command counts as lost, ms. */
  lostAfterMs: number;
  /** The same for the command of an earlier process, ms. */
  suspectedMs: number;
  logger: Logger;
  signal: AbortSignal;
}

interface Unsettled {
  command: Command;
  /** What /status said before the command was sent: an older command with the same id. */
  before: string | undefined;
  /** The request or its server has ended: nothing can come of it later. */
  over: boolean;
  /** While ksqlDB answers without a break and does not know the command. */
  unknown: SeenFor | undefined;
  lostAfterMs: number;
}

type Status = { status: string; message: string };

const isUnderWay = ({ status }: Status) => status === 'EXECUTING' || status === 'QUEUED' || status === 'PARSING';

/**
 * ksqlDB must never get a CREATE while it executes another one: it aborts one of the two and deletes the sink topic that
 * this one had created, while the other's query continues without a topic. So a command without an answer blocks all others
 * until ksqlDB shows its outcome.
 */
export function createCommandChannel(plan: ChannelPlan): CommandChannel {
  const { ksqldb, commands, logger, signal } = plan;
  let unsettled: Unsettled | undefined;

  const open = (command: Command, lostAfterMs: number, before?: string): Unsettled => ({
    command,
    before,
    over: false,
    unknown: undefined,
    lostAfterMs,
  });

  async function statusOf({ commandId }: Command): Promise<Status | undefined> {
    try {
      return await ksqldb.commandStatus(commandId);
    } catch (error) {
      if (error instanceof KsqldbError && error.status === 404) return undefined;
      throw error;
    }
  }

  async function send(command: Command): Promise<string> {
    const earlier = await statusOf(command);
    if (earlier && isUnderWay(earlier)) {
      unsettled = open(command, plan.lostAfterMs);
      throw stillRunning(command);
    }
    const sent = open(command, plan.lostAfterMs, earlier && JSON.stringify(earlier));
    unsettled = sent;
    const outcome = await ask(sent);
    unsettled = undefined;
    if (outcome.status === 'SUCCESS') return outcome.message;
    throw new KsqldbError('ksqldb_outcome', `${outcome.status}: ${outcome.message}`);
  }

  /** @returns the final status; throws while the outcome is unknown */
  async function ask(sent: Unsettled): Promise<Status> {
    let answer: StatementAnswer | undefined;
    try {
      [answer] = await commands.execute(sent.command.text, sent.command.properties);
    } catch (error) {
      if (isRefusal(error)) unsettled = undefined;
      else if (isAnswer(error)) sent.over = true;
      throw error;
    }
    // It existed already: another program created it after the catalogue was read.
    if (answer?.['@type'] === 'warning_entity') return { status: 'SUCCESS', message: String(answer['message']) };
    if (answer?.commandId === undefined || answer.commandStatus === undefined)
      throw new KsqldbError('ksqldb_answer', 'the answer has no outcome', { canRetry: true });
    const deadline = Date.now() + plan.lostAfterMs;
    let status = answer.commandStatus;
    // ksqlDB answers after 5 s although it still executes the command.
    while (isUnderWay(status)) {
      if (Date.now() > deadline || !(await pause(pollMs, signal))) throw stillRunning(sent.command);
      status = await ksqldb.commandStatus(answer.commandId);
    }
    return status;
  }

  /** @returns its outcome, or undefined while that is unknown */
  async function look(sent: Unsettled): Promise<string | undefined> {
    try {
      const status = await statusOf(sent.command);
      if (status && isUnderWay(status)) {
        sent.unknown = undefined;
        return undefined;
      }
      if (status && JSON.stringify(status) !== sent.before) return `${status.status}: ${status.message}`;
      if (sent.command.isDone(await readCatalogue(ksqldb))) return 'done';
    } catch (error) {
      sent.unknown = undefined;
      if (showsRestart(error)) sent.over = true;
      throw error;
    }
    sent.unknown ??= createSeenFor();
    const isLost = sent.unknown.look() >= sent.lostAfterMs || sent.over;
    return isLost ? 'ksqlDB has not taken it' : undefined;
  }

  async function settle(): Promise<void> {
    if (!unsettled) return;
    const outcome = await look(unsettled);
    if (outcome === undefined) throw stillRunning(unsettled.command);
    logger.info({ statement: unsettled.command.where, outcome }, 'the outcome of an earlier request is known');
    unsettled = undefined;
  }

  return {
    settle,
    async run(command) {
      await settle();
      try {
        return await send(command);
      } catch (cause) {
        throw describeFailure(command, cause);
      }
    },
    suspect(command) {
      unsettled = open(command, plan.suspectedMs);
    },
    async isUnderWay(command) {
      const status = await statusOf(command);
      return status !== undefined && isUnderWay(status);
    },
  };
}
