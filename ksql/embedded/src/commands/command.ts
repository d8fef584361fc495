import { z } from 'zod';

const positions = z.record(z.string(), z.record(z.string(), z.number()));

/** A statement that was carried out, with what was decided then, so that carrying it out again decides the same. */
export const commandSchema = z.object({
  sequence: z.number(),
  text: z.string(),
  /** How many partitions the topic of the stream or table has. */
  partitions: z.number().nullable(),
  queryId: z.string().nullable(),
  /** What /status says of it. */
  commandId: z.string().default(''),
  message: z.string().default(''),
  /** Where the query began to read. */
  starts: positions,
});
export type Command = z.infer<typeof commandSchema>;

export type CommandStatus = {
  readonly status: 'SUCCESS' | 'ERROR';
  readonly message: string;
  readonly queryId: string | null;
};
