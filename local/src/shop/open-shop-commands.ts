import {
  type CommandRequest,
  type CommandResult,
  commandAgeMs,
  commandResult,
  createCommand,
  createCommandSender,
  followTopics,
  pause,
  readJson,
  readTopics,
  type ServiceContext,
  ShopError,
} from '@shop/common';
import { type OpenKafka, openKafka } from './open-kafka.ts';

/** How long to wait for an answer, ms: a service that starts just before the command expires still answers. */
const answerMs = commandAgeMs + 15_000;
/** After this time the user learns what the command waits for, ms. */
const slowMs = 5_000;

export interface ShopCommands {
  /**
   * Sends a command to `shop_commands`, and waits for its result.
   *
   * @throws ShopError `invalid_command`, `kafka_unavailable`, `command_unconfirmed` or `no_answer`
   */
  run(request: CommandRequest): Promise<CommandResult>;
}

/**
 * Connects to Kafka, and reads results from now on.
 *
 * @param onSlow called when a service has not answered for some time
 * @throws ShopError `kafka_unavailable` or `topics_missing`
 */
export async function openShopCommands(
  context: ServiceContext,
  onSlow: (service: string) => void,
): Promise<ShopCommands> {
  const { commands, commandResults } = readTopics(context.env);
  const { kafka, admin } = await openKafka(context);
  const present = new Set(await admin.listTopics());
  for (const { topic } of [commands, commandResults])
    if (!present.has(topic))
      throw new ShopError('topics_missing', `Kafka has no topic ${topic}. Wait until the shop is open.`);

  const sender = createCommandSender(kafka, commands.topic, context);
  const results = await followResults({ kafka, admin, topic: commandResults.topic }, context);
  return {
    async run(request) {
      const command = createCommand(request);
      const answered = results.first(command.command_id);
      await sender.send(command);
      const slow = setTimeout(onSlow, slowMs, command.target).unref();
      const result = await Promise.race([answered, pause(answerMs, context.signal)]);
      clearTimeout(slow);
      if (typeof result === 'object') return result;
      if (!result) throw context.signal.reason;
      throw new ShopError(
        'no_answer',
        `${command.target} did not answer within ${answerMs / 1_000} s. When it starts again, it reports the command as expired.`,
      );
    },
  };
}

/** Follows the results that are written from now on. `first` resolves with the first one of a command. */
async function followResults(
  { kafka, admin, topic }: Pick<OpenKafka, 'kafka' | 'admin'> & { topic: string },
  context: ServiceContext,
): Promise<{ first(commandId: string): Promise<CommandResult> }> {
  const awaited = new Map<string, (result: CommandResult) => void>();
  const follower = followTopics(
    {
      kafka,
      admin,
      topics: [topic],
      startAt: () => 'end',
      onGap: () => {},
      onRecord({ key, value }) {
        awaited.get(String(key))?.(readJson(value, commandResult));
        awaited.delete(String(key));
      },
    },
    context,
  );
  context.onClose(() => follower.stop());
  await follower.start();
  return { first: (commandId) => new Promise((resolve) => awaited.set(commandId, resolve)) };
}
