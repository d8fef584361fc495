import { streamQuery } from '@shop/common';
import type { Subscription } from './hub.ts';

/** An invalid query. The client sees the message. */
export class BadQuery extends Error {}

/**
 * Reads the query of a stream's address: `topics` (comma list, default all), `mode` (`json` or `raw`), `replay` (how many
 * of the last messages to send first).
 *
 * @throws BadQuery
 */
export function readSubscription(params: URLSearchParams, served: string[]): Subscription {
  const read = streamQuery.safeParse(Object.fromEntries(params));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new BadQuery(`${issue?.path.join('.') || 'query'}: ${issue?.message}`);
  }
  const { topics, mode, replay } = read.data;
  const wanted = topics === undefined ? served : topics.split(',').map((topic) => topic.trim());
  const unknown = wanted.filter((topic) => !served.includes(topic));
  if (unknown.length > 0) throw new BadQuery(`topics: not served: ${unknown.join(', ').slice(0, 80)}`);
  return { topics: [...new Set(wanted)].sort(), raw: mode === 'raw', replay };
}
