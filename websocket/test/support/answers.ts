import type { CommandResult, ServiceStatus } from '@shop/common';

/** When the commands of a test are answered. */
export const start = Date.parse('2026-11-28T12:00:00Z');

/** A time in ms after `start`. */
export const iso = (ms: number) => new Date(start + ms).toISOString();

/** The answer to a command. */
export const buildAnswer = (target: string, command: string, details: object = {}): CommandResult => ({
  command_id: command,
  target,
  instance: 'a',
  command,
  status: 'done',
  at: iso(0),
  ...details,
});

/** The report of a service at a time in ms after `start`. Its process started before. */
export const buildStatus = (service: string, at: number, fields: Partial<ServiceStatus> = {}): ServiceStatus => ({
  service,
  instance: 'a',
  state: 'ready',
  since: iso(-60_000),
  started_at: iso(-60_000),
  waiting_for: [],
  counters: {},
  last_error: null,
  at: iso(at),
  ...fields,
});
