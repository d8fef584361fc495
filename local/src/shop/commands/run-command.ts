import { randomUUID } from 'node:crypto';
import type { CommandRequest, CommandResult, ServiceContext } from '@shop/common';
import type { Command } from 'commander';
import { formatCell, formatFields } from '../format-table.ts';
import { openShopCommands } from '../open-shop-commands.ts';
import { runInTerminal, type TerminalOptions } from '../open-terminal.ts';

export const optionsOf = (command: Command) => command.optsWithGlobals<TerminalOptions>();

/** Runs the work of a command, and ends the process with the exit code that it returns. */
export const run = (options: TerminalOptions, work: (context: ServiceContext) => Promise<number>): Promise<never> =>
  runInTerminal({ name: 'shop', instance: randomUUID() }, options, work);

/** Prints a result for people or for programs. */
export function print({ json }: TerminalOptions, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

export const reportSlow = (service: string) => process.stderr.write(`waiting for ${service} …\n`);

/** Sends a command to a service, and prints its result. */
export function send(command: Command, request: CommandRequest): Promise<never> {
  const options = optionsOf(command);
  return run(options, async (context) => {
    const result = await (await openShopCommands(context, reportSlow)).run(request);
    print(options, result, describeResult(result));
    return result.status === 'done' ? 0 : 1;
  });
}

export function describeResult({
  command_id,
  at,
  target,
  instance,
  command,
  status,
  reason,
  ...details
}: CommandResult): string {
  const head = `${target} (${instance}): ${command} ${status}${reason === undefined ? '' : `: ${reason}`}`;
  return Object.keys(details).length === 0 ? formatCell(head) : `${formatCell(head)}\n${formatFields(details)}`;
}
