import { distance } from 'fastest-levenshtein';

/**
 * The known key that an unknown one was most likely meant to be, or `undefined`.
 * Two typos in a name of eight letters or more, one in a shorter one; case and `.`, `-`, `_` do not count.
 */
export function findNearMiss(key: string, known: Iterable<string>): string | undefined {
  const plain = flatten(key);
  for (const candidate of known) {
    const slips = distance(plain, flatten(candidate));
    if (candidate !== key && slips <= (Math.min(plain.length, candidate.length) >= 8 ? 2 : 1)) return candidate;
  }
  return undefined;
}

const flatten = (key: string) => key.toLowerCase().replaceAll(/[.\-_]/g, '_');
