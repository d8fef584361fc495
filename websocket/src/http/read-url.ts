import type { IncomingMessage } from 'node:http';

/** The address asked for; its host is of no meaning. `undefined` when it is none. */
export function readUrl({ url = '/' }: IncomingMessage): URL | undefined {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}
