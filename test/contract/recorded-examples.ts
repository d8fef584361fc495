import { readFileSync } from 'node:fs';
import { z } from 'zod';

const example = z.strictObject({
  summary: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  payload: z.unknown(),
});
const byName = z.record(z.string(), z.array(example));

/** Messages of a running shop, by topic, and those of the stream, by kind. */
export const recordedExamples = z
  .strictObject({ topics: byName, stream: byName })
  .parse(JSON.parse(readFileSync(new URL('examples.json', import.meta.url), 'utf8')));
