import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type Command, type CommandRequest, command } from '../contracts/command.ts';
import { ShopError } from '../shop-error.ts';

/** Gives a request an id and the current time. @throws ShopError `invalid_command` for one that the contract refuses */
export const createCommand = (request: CommandRequest): Command =>
  checkCommand({ command_id: randomUUID(), issued_at: new Date().toISOString(), ...request });

/** Checks a command by the contract. @throws ShopError `invalid_command`, whose message names the field */
export function checkCommand(value: unknown): Command {
  const checked = command.safeParse(value);
  if (checked.success) return checked.data;
  throw new ShopError('invalid_command', describeIssue(checked.error), { cause: checked.error });
}

function describeIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (!issue) return 'it is no command';
  if (issue.code === 'invalid_union' && issue.path[0] === 'command')
    return `command: expected one of ${command.options.map(({ shape }) => shape.command.value).join(', ')}`;
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
