import type { IncomingMessage } from 'node:http';

/** Reads the requested address, whose host is meaningless. Returns `undefined` when it is invalid. */
export function readUrl({ url = '/' }: IncomingMessage): URL | undefined {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}
