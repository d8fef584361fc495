import { randomUUID } from 'node:crypto';
import { type Command, type CommandSender, checkCommand, describeError, ShopError } from '@shop/common';
import { createPostDoor, type Guards, type PostDoor, Refused } from '../http/post-door.ts';

interface CommandDoor extends Guards {
  /** Nothing until Kafka was available for the first time. */
  sender(): CommandSender | undefined;
}

/**
 * Answers `POST /commands`: checks who asks and what, and sends the command to `shop_commands` before it answers. 202 means
 * that Kafka has it; `shop_command_results` says what became of it.
 */
export function createCommandDoor({ sender, ...guards }: CommandDoor): PostDoor {
  async function send(command: Command): Promise<void> {
    const open = sender();
    if (!open) throw new Refused(503, 'Kafka is unavailable. The command was not sent.');
    try {
      await open.send(command);
    } catch (error) {
      throw new Refused(503, describeError(error));
    }
  }

  return createPostDoor(guards, { one: 'command', many: 'commands' }, async (posted) => {
    const sent = readCommand(posted);
    await send(sent);
    const { command_id, issued_at, target, command } = sent;
    return { status: 202, body: { command_id, issued_at, target, command } };
  });
}

/** The sender may give the id, so that a repetition acts once. The time is that of this service. */
function readCommand(posted: object): Command {
  try {
    return checkCommand({ command_id: randomUUID(), ...posted, issued_at: new Date().toISOString() });
  } catch (error) {
    if (error instanceof ShopError) throw new Refused(400, error.message);
    throw error;
  }
}
