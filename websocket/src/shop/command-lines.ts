import { type Command, type CommandResult, command, commandResult } from '@shop/common';
import { LRUCache } from 'lru-cache';
import type { CommandLine, CommandResultLine } from '../messages/commands.ts';

/** Commands that the page shows. */
const mostCommands = 20;

/** The last commands of all visitors, each with its result. */
export interface CommandLines {
  /** @param timestamp when Kafka got it, ms since 1970. @returns the command, if it is one */
  noteCommand(value: unknown, timestamp: number): Command | undefined;
  noteResult(value: unknown, timestamp: number): CommandResult | undefined;
  /** Newest first. */
  lines(): CommandLine[];
}

export function createCommandLines(): CommandLines {
  const known = new LRUCache<string, CommandLine>({ max: mostCommands });

  return {
    noteCommand(value, timestamp) {
      const read = command.safeParse(value);
      if (!read.success) return undefined;
      const { command_id, issued_at: _, target, command: name, ...fields } = read.data;
      // A result can be read before its command: they come from different topics.
      const result = known.peek(command_id)?.result ?? null;
      known.set(command_id, { command_id, target, command: name, at: timestamp, fields, result });
      return read.data;
    },
    noteResult(value, timestamp) {
      const read = commandResult.safeParse(value);
      if (!read.success) return undefined;
      const { command_id, target, command: name, instance, status, reason = null, at: _, ...details } = read.data;
      const result: CommandResultLine = { status, reason, instance, at: timestamp, details };
      const before = known.peek(command_id) ?? { command_id, target, command: name, at: timestamp, fields: {} };
      known.set(command_id, { ...before, result });
      return read.data;
    },
    lines: () => [...known.values()].sort((a, b) => b.at - a.at),
  };
}
