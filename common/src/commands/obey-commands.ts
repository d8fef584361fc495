import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs';
import type { Command, CommandResult } from '../contracts/command.ts';
import type { ShopTopics } from '../contracts/shop-topics.ts';
import { runConsumer } from '../kafka/run-consumer.ts';
import { openSender, type Sender } from '../kafka/sender.ts';
import type { ServiceContext } from '../service/run-service.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { describeError, ShopError } from '../shop-error.ts';
import { describeFault, type Fault, injectFault, isFault } from './faults.ts';
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

export interface CommandPlan {
  kafka: Kafka;
  settings: KafkaSettings;
  topics: Pick<ShopTopics, 'commands' | 'commandResults'>;
  handlers?: CommandHandlers;
  /** Whose commands the service obeys; by default only its own. */
  targets?: readonly string[];
  /** By default, a fault hits this process, and one for another target is refused. */
  prepareFault?: PrepareFault;
}

/**
 * Prepares a fault. The returned function injects it; it is called when the command is answered. When it resolves, the answer is
 * sent again with these details.
 *
 * @throws CommandRefused
 */
export type PrepareFault = (fault: Fault) => () => Promise<CommandDetails> | undefined;

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
  { kafka, settings, topics, handlers = {}, targets, prepareFault }: CommandPlan,
  context: ServiceContext,
): Promise<void> {
  const { topic } = topics.commands;
  const groupId = `${topic}-${context.name}`;
  const admin = kafka.admin({ retry: { retries: 2 } });
  const sender = await openSender(settings, context);
  const obey = createObeying(
    { sender, topic: topics.commandResults.topic, handlers: addTimedReset(handlers, context), prepareFault },
    context,
  );
  /** By partition: one, unless the user added partitions. */
  const handled = new Map<number, HandledCommands>();

  async function handleMessage(consumer: Consumer, { partition, message }: EachMessagePayload): Promise<void> {
    // Another instance may have handled commands before this one got the partition.
    const known = handled.get(partition) ?? (await readHandledCommands(admin, { groupId, topic, partition }));
    const judgement = judgeCommand(message, targets ?? [context.name], known.has);
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

interface ObeyingPlan {
  sender: Sender;
  topic: string;
  handlers: CommandHandlers;
  prepareFault: PrepareFault | undefined;
}

type Answer = Pick<CommandResult, 'command_id' | 'target' | 'command' | 'status' | 'reason'> & CommandDetails;

function createObeying({ sender, topic, handlers, prepareFault }: ObeyingPlan, context: ServiceContext) {
  const { name, instance, logger, report } = context;
  const count = report.counter('commands', 'Commands that were answered');
  const prepare = prepareFault ?? ((fault) => prepareOwnFault(fault, name));

  async function answer(result: Answer): Promise<void> {
    const full: CommandResult = { ...result, instance, at: new Date().toISOString() };
    const { command_id, command, status, reason } = result;
    logger.info({ command_id, command, status, reason }, 'answered a command');
    await sender.send(topic, [{ key: command_id, value: JSON.stringify(full) }]);
    count();
  }

  async function attempt(command: Command): Promise<Pick<CommandResult, 'status' | 'reason'> & CommandDetails> {
    const handle = handlers[command.command] as Obey<Command> | undefined;
    if (!handle) return { status: 'refused', reason: `${command.target} does not obey ${command.command}` };
    try {
      return { status: 'done', ...(await handle(command)) };
    } catch (error) {
      if (!(error instanceof CommandRefused)) logger.warn({ err: error, command: command.command }, 'a command failed');
      return { status: 'refused', reason: describeError(error) };
    }
  }

  async function obeyFault(fault: Fault): Promise<void> {
    const { command_id, target, command } = fault;
    const result: Answer = { command_id, target, command, status: 'done', ...describeFault(fault) };
    let inject: ReturnType<PrepareFault>;
    try {
      inject = prepare(fault);
    } catch (error) {
      return answer({ ...result, status: 'refused', reason: describeError(error) });
    }
    await answer(result);
    // Not awaited: this may take long, and further commands must be obeyed meanwhile.
    inject()
      ?.then((details) => answer({ ...result, ...details }))
      .catch((err) => logger.warn({ err, target, command }, 'the end of a fault could not be reported'));
  }

  return async (judgement: NonNullable<Judgement>): Promise<void> => {
    if ('answer' in judgement) return answer(judgement.answer);
    const { obey: command } = judgement;
    if (isFault(command)) return obeyFault(command);
    const { command_id, target } = command;
    await answer({ ...(await attempt(command)), command_id, target, command: command.command });
  };
}

function prepareOwnFault(fault: Fault, name: string): () => undefined {
  if (fault.target !== name)
    throw new CommandRefused(`Only npm start can ${fault.command} ${fault.target}, because it owns the process.`);
  return () => void injectFault(fault);
}
