import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { keptTally } from './tally.ts';

/** How far the topics were read, and what had been counted there: the next start goes on from it. */
const keptFigures = z.object({
  /** Whose topics these are. */
  brokers: z.string(),
  /** topic, partition: the offset to read next. */
  offsets: z.record(z.string(), z.record(z.string(), z.string())),
  tally: keptTally,
});

export type KeptFigures = z.infer<typeof keptFigures>;

/** `undefined` when nothing was kept, or it is of no use: everything is counted again then. */
export function readKeptFigures(file: string): KeptFigures | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return keptFigures.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeKeptFigures(file: string, figures: KeptFigures): void {
  writeFileSync(`${file}.new`, JSON.stringify(figures));
  renameSync(`${file}.new`, file);
}

/** Whether these offsets can be of the topics as they are: one beyond the end is of a topic that was there before. */
export function fitsTopics(
  offsets: KeptFigures['offsets'],
  ends: Readonly<Record<string, readonly { partition: number; high: string }[]>>,
): boolean {
  return Object.entries(offsets).every(([topic, partitions]) =>
    Object.entries(partitions).every(([partition, offset]) => {
      const end = ends[topic]?.find((one) => one.partition === Number(partition));
      return end !== undefined && BigInt(offset) <= BigInt(end.high);
    }),
  );
}
