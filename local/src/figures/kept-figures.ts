import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type KeptTally, keptTally } from './tally.ts';

/** What was counted, and in whose topics. */
const keptFigures = z.object({ brokers: z.string(), tally: keptTally });

/** `undefined` when nothing of these brokers was kept, or it cannot be used: everything is counted again then. */
export function readKeptFigures(file: string, brokers: string): KeptTally | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const kept = keptFigures.parse(JSON.parse(readFileSync(file, 'utf8')));
    return kept.brokers === brokers ? kept.tally : undefined;
  } catch {
    return undefined;
  }
}

export function writeKeptFigures(file: string, brokers: string, tally: KeptTally): void {
  writeFileSync(`${file}.new`, JSON.stringify({ brokers, tally } satisfies z.infer<typeof keptFigures>));
  renameSync(`${file}.new`, file);
}

/**
 * Whether these offsets can be of the topics as they are: an offset beyond the end is of a topic that was deleted since.
 *
 * @param ends by topic and partition
 */
export function fitsTopics(
  offsets: KeptTally['offsets'],
  ends: ReadonlyMap<string, ReadonlyMap<number, number>>,
): boolean {
  return Object.entries(offsets).every(([topic, partitions]) =>
    Object.entries(partitions).every(
      ([partition, offset]) => offset <= (ends.get(topic)?.get(Number(partition)) ?? -1),
    ),
  );
}
