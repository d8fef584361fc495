import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs';
import type { Command, CommandResult } from '../contracts/command.ts';
import type { ShopTopics } from '../contracts/shop-topics.ts';
import { runConsumer } from '../kafka/run-consumer.ts';
import { openSender, type Sender } from '../kafka/sender.ts';
import type { ServiceContext } from '../service/run-service.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { describeError, ShopError } from '../shop-error.ts';
import { describeFault, injectFault, isFault } from './faults.ts';
import { type HandledCommands, readHandledCommands } from './handled-commands.ts';
import { type Judgement, judgeCommand } from './judge-command.ts';
import { addTimedReset } from './timed-reset.ts';

/** Fields of the answer beside its status. */
type CommandDetails = Record<string, unknown>;

/** Obeys one kind of command. @throws CommandRefused when it cannot be obeyed; any other error is logged and refuses it, too */
type Obey<C extends Command> = (command: C) => Promise<CommandDetails | undefined> | CommandDetails | undefined;

/** What a service obeys beside its faults, by the command's name. */
export type CommandHandlers = { [N in Command['command']]?: Obey<Extract<Command, { command: N }>> };

/** A command that a service does not obey, with the reason for the visitor. */
export class CommandRefused extends ShopError {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super('command_refused', reason, options);
    this.name = 'CommandRefused';
  }
}

interface CommandPlan {
  kafka: Kafka;
  settings: KafkaSettings;
  topics: Pick<ShopTopics, 'commands' | 'commandResults'>;
  handlers?: CommandHandlers;
}

/** A member that was killed keeps its partition for this long, ms. */
const sessionTimeout = 15_000;

/**
 * Obeys the commands for this service, and answers each one in `shop_command_results`. It runs beside the service, which does not
 * wait for it.
 *
 * The instances of a service are one consumer group, and the topic has one partition, so one instance obeys: it alone crashes, and
 * an order is placed once. The offset, and the ids of handled commands beside it, are committed before a command is obeyed. So a
 * crash or restart repeats no command, and one that is sent twice acts once. A group per instance could not do that: a container
 * that is recreated has a new name and no position.
 */
export function obeyCommands(plan: CommandPlan, context: ServiceContext): void {
  startObeying(plan, context).catch((error) => {
    if (!context.signal.aborted) context.fail(error);
  });
}

async function startObeying(
  { kafka, settings, topics, handlers = {} }: CommandPlan,
  context: ServiceContext,
): Promise<void> {
  const { topic } = topics.commands;
  const groupId = `${topic}-${context.name}`;
  const admin = kafka.admin({ retry: { retries: 2 } });
  const sender = await openSender(settings, context);
  const obey = createObeying(sender, topics.commandResults.topic, addTimedReset(handlers, context), context);
  /** By partition: one, unless the user added partitions. */
  const handled = new Map<number, HandledCommands>();

  async function handleMessage(consumer: Consumer, { partition, message }: EachMessagePayload): Promise<void> {
    // Another instance may have handled commands before this one got the partition.
    const known = handled.get(partition) ?? (await readHandledCommands(admin, { groupId, topic, partition }));
    const judgement = judgeCommand(message, context.name, known.has);
    const next = judgement ? known.with(idOf(judgement)) : known;
    const offset = String(BigInt(message.offset) + 1n);
    // When this fails, the message comes again and was not obeyed.
    await consumer.commitOffsets([{ topic, partition, offset, metadata: next.toText() }]);
    handled.set(partition, next);
    if (judgement) await obey(judgement);
  }

  async function start(consumer: Consumer): Promise<void> {
    handled.clear();
    consumer.on(consumer.events.GROUP_JOIN, () => handled.clear());
    // From the beginning, so that a command sent before the first start is not lost: old ones are expired.
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: (payload) => handleMessage(consumer, payload) });
  }

  const running = await runConsumer({ kafka, config: { groupId, sessionTimeout }, start }, context);
  context.onClose(() => running.stop());
}

const idOf = (judgement: NonNullable<Judgement>) =>
  'obey' in judgement ? judgement.obey.command_id : judgement.answer.command_id;

function createObeying(sender: Sender, topic: string, handlers: CommandHandlers, context: ServiceContext) {
  const { name, instance, logger, report } = context;
  const count = report.counter('commands', 'Commands that were answered');

  async function answer(result: Pick<CommandResult, 'command_id' | 'command' | 'status' | 'reason'>): Promise<void> {
    const full: CommandResult = { ...result, target: name, instance, at: new Date().toISOString() };
    const { command_id, command, status, reason } = result;
    logger.info({ command_id, command, status, reason }, 'answered a command');
    await sender.send(topic, [{ key: command_id, value: JSON.stringify(full) }]);
    count();
  }

  async function attempt(command: Command): Promise<Pick<CommandResult, 'status' | 'reason'> & CommandDetails> {
    if (isFault(command)) return { status: 'done', ...describeFault(command) };
    const handle = handlers[command.command] as Obey<Command> | undefined;
    if (!handle) return { status: 'refused', reason: `${name} does not obey ${command.command}` };
    try {
      return { status: 'done', ...(await handle(command)) };
    } catch (error) {
      if (!(error instanceof CommandRefused)) logger.warn({ err: error, command: command.command }, 'a command failed');
      return { status: 'refused', reason: describeError(error) };
    }
  }

  return async (judgement: NonNullable<Judgement>): Promise<void> => {
    if ('answer' in judgement) return answer(judgement.answer);
    const { obey: command } = judgement;
    await answer({ ...(await attempt(command)), command_id: command.command_id, command: command.command });
    if (isFault(command)) injectFault(command);
  };
}
