import { z } from 'zod';

const positions = z.record(z.string(), z.record(z.string(), z.number()));

/** An executed statement, with the values that were chosen for it, so that a replay chooses the same ones. */
export const commandSchema = z.object({
  sequence: z.number(),
  text: z.string(),
  /** The partition count of the stream's or table's topic. */
  partitions: z.number().nullable(),
  queryId: z.string().nullable(),
  /** The id under which /status reports the command. */
  commandId: z.string().default(''),
  message: z.string().default(''),
  /** The offsets at which the query started to read. */
  starts: positions,
});
export type Command = z.infer<typeof commandSchema>;

export type CommandStatus = {
  readonly status: 'SUCCESS' | 'ERROR';
  readonly message: string;
  readonly queryId: string | null;
};
