import { z } from 'zod';
import type { Command, CommandResult } from '../contracts/command.ts';
import { readJson } from '../contracts/read-json.ts';
import { describeError } from '../shop-error.ts';
import { checkCommand } from './create-command.ts';

/** A command that is older when its service reads it no longer acts, ms. */
export const commandAgeMs = 60_000;

/** What every command must have, so that it can be answered. */
const addressed = z.looseObject({
  command_id: z.uuid(),
  target: z.string(),
  command: z.string().max(60).catch(''),
  issued_at: z.string().catch(''),
});

/** A message of `shop_commands`. */
interface CommandMessage {
  value: Buffer | null;
  /** When the broker got it, ms since 1970. */
  timestamp: string;
}

/** What to do with a message: obey it, only answer it, or, for `undefined`, skip it. */
export type Judgement =
  | { obey: Command }
  | { answer: Pick<CommandResult, 'command_id' | 'target' | 'command' | 'status' | 'reason'> }
  | undefined;

/**
 * Decides what a service does with a message of `shop_commands`. It skips commands for other targets, what cannot be read, and what
 * it has handled before.
 *
 * @param targets whose commands the service obeys
 * @param wasHandled whether a command of this id was handled before
 */
export function judgeCommand(
  message: CommandMessage,
  targets: readonly string[],
  wasHandled: (commandId: string) => boolean,
  now: number = Date.now(),
): Judgement {
  let read: z.infer<typeof addressed>;
  try {
    read = readJson(message.value, addressed);
  } catch {
    return undefined;
  }
  const { command_id, target, command, issued_at } = read;
  if (!targets.includes(read.target) || wasHandled(command_id)) return undefined;
  // A broker that was frozen stamps a command later than it was issued.
  const since = Math.min(Number(message.timestamp), Date.parse(issued_at) || Number.POSITIVE_INFINITY);
  if (now - since > commandAgeMs)
    return { answer: { command_id, target, command, status: 'expired', reason: describeAge(now - since) } };
  try {
    return { obey: checkCommand(read) };
  } catch (error) {
    return { answer: { command_id, target, command, status: 'refused', reason: describeError(error) } };
  }
}

const describeAge = (ageMs: number) =>
  `${Math.round(ageMs / 1_000)} s old when it was read; a command acts within ${commandAgeMs / 1_000} s`;
