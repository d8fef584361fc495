import { z } from 'zod';

/** What every command has. */
export const envelope = {
  command_id: z.uuid().describe('A UUID. A command that is sent twice under one id acts once.'),
  issued_at: z.iso.datetime({ offset: true }).describe('When the user asked for it. A command acts within 60 s.'),
};

export const customerId = z.int().positive();

/** A name or country as a visitor types it: one line, not blank. */
export const shortText = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]*$/u, 'Invalid string: expected one line without control characters');

export const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
  .describe('The same seed makes the same choices.');

/** What a command that changes settings has. */
export const timed = {
  seconds: z
    .int()
    .min(1)
    .max(600)
    .optional()
    .describe('After this time, the service goes back to its settings. Absent: until `reset` or a restart.'),
};
