import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Command, type CommandSender, checkCommand, describeError, parseJsonBytes, ShopError } from '@shop/common';
import { answerJson, answerText } from '../http/answer.ts';
import { refuseCommander } from '../http/page-origin.ts';
import type { Control } from './control.ts';
import { createRateLimit } from './rate-limit.ts';

/** Maximum size of a command, in bytes. */
const commandBytes = 1_024;

interface Door {
  control: Control;
  /** Origins of pages that may read the stream. They may send commands only to their own host. */
  allowedOrigins: readonly string[];
  /** Nothing until Kafka was available for the first time. */
  sender(): CommandSender | undefined;
}

/** Why a command is not sent, with the HTTP status. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/**
 * Answers `POST /commands`: checks who asks and what, and sends the command to `shop_commands` before it answers. 202 means
 * that Kafka has it; `shop_command_results` says what became of it.
 */
export function createCommandDoor({ control, allowedOrigins, sender }: Door) {
  const isInTime = createRateLimit();

  async function accept(request: IncomingMessage): Promise<Command> {
    if (control.mode === 'off')
      throw new Refused(403, 'Commands are off. Set SHOP_CONTROL or SHOP_CONTROL_TOKEN in .env (websocket/README.md).');
    const foreign = refuseCommander(request, allowedOrigins);
    if (foreign) throw new Refused(foreign.status, foreign.reason);
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      throw new Refused(415, 'Send the command as application/json.');
    if (!isInTime(request.socket.remoteAddress ?? '')) throw new Refused(429, 'Too many commands. Wait a few seconds.');
    if (!control.isAllowed(request))
      throw new Refused(401, 'The token is missing or wrong. Send it as "Authorization: Bearer TOKEN".');
    const command = readCommand(await readBody(request));
    await send(command);
    return command;
  }

  async function send(command: Command): Promise<void> {
    const open = sender();
    if (!open) throw new Refused(503, 'Kafka is unavailable. The command was not sent.');
    try {
      await open.send(command);
    } catch (error) {
      throw new Refused(503, describeError(error));
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { command_id, issued_at, target, command } = await accept(request);
      answerJson(response, { command_id, issued_at, target, command }, 202);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Without its body the request cannot be followed by another one on the same connection.
      if (!request.complete) response.setHeader('connection', 'close');
      answerText(response, error.status, error.message);
    }
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLong = new Refused(413, `A command has at most ${commandBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > commandBytes) throw tooLong;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > commandBytes) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The sender may give the id, so that a repetition acts once. The time is that of this service. */
function readCommand(body: Buffer): Command {
  let request: unknown;
  try {
    request = parseJsonBytes(body);
  } catch {
    throw new Refused(400, 'The command is not JSON.');
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new Refused(400, 'The command is not an object.');
  try {
    return checkCommand({ command_id: randomUUID(), ...request, issued_at: new Date().toISOString() });
  } catch (error) {
    if (error instanceof ShopError) throw new Refused(400, error.message);
    throw error;
  }
}
