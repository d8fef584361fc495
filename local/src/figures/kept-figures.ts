import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type KeptTally, keptTally } from './tally.ts';

/** The stored figures, and the brokers of the counted topics. */
const keptFigures = z.object({ brokers: z.string(), tally: keptTally });

/** Reads the figures of these brokers; `undefined` if there are none or they are unusable, so counting starts over. */
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
 * Whether the offsets fit the topics. An offset beyond the end means that the topic was deleted since.
 *
 * @param ends end offsets by topic and partition
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
