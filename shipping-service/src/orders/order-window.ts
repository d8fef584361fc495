import { hash } from 'node:crypto';

/**
 * The order ids of the last minutes of one partition, to recognize a second copy of an order. Age and number of the ids are
 * limited, so at very high rates the window gets shorter and memory does not grow.
 */
export interface OrderWindow {
  /** Returns whether this id was seen within the window before `at` (ms since 1970, the message's timestamp), and remembers it if not. */
  seenBefore(orderId: string, at: number): boolean;
  readonly size: number;
}

/** Size of a digest: 4 × 32 bits, so that two ids of a shop never share one. */
const words = 4;

/**
 * Keeps the ids as digests in typed arrays, 32 bytes per id. Strings in a map took 140 bytes per id; six partitions took a
 * third of the container's memory.
 *
 * The arrays are a ring: a new id replaces the oldest one. Ids in the same bucket form a chain from the newest to the
 * oldest, so the replaced id is always the last of its chain.
 */
export function createOrderWindow({ lengthMs, limit }: { lengthMs: number; limit: number }): OrderWindow {
  const capacity = Math.max(limit, 1);
  const buckets = 2 ** Math.ceil(Math.log2(capacity));
  const digests = new Int32Array(capacity * words);
  const times = new Float64Array(capacity);
  /** The newest place of each bucket, and the next older place of each place; counted from 1, because 0 means none. */
  const newest = new Int32Array(buckets);
  const older = new Int32Array(capacity + 1);
  let oldest = 0;
  let size = 0;

  const bucketOf = (place: number) => (digests[place * words] ?? 0) & (buckets - 1);

  function find(digest: Int32Array): boolean {
    const bucket = (digest[0] ?? 0) & (buckets - 1);
    for (let next = newest[bucket] ?? 0; next !== 0; next = older[next] ?? 0) {
      const at = (next - 1) * words;
      let word = 0;
      while (word < words && digests[at + word] === digest[word]) word += 1;
      if (word === words) return true;
    }
    return false;
  }

  function dropOldest(): void {
    const bucket = bucketOf(oldest);
    const leaving = oldest + 1;
    if (newest[bucket] === leaving) newest[bucket] = 0;
    else {
      let next = newest[bucket] ?? 0;
      while (older[next] !== leaving) next = older[next] ?? 0;
      older[next] = 0;
    }
    oldest = (oldest + 1) % capacity;
    size -= 1;
  }

  function add(digest: Int32Array, at: number): void {
    if (size === capacity) dropOldest();
    const place = (oldest + size) % capacity;
    digests.set(digest, place * words);
    times[place] = at;
    const bucket = bucketOf(place);
    older[place + 1] = newest[bucket] ?? 0;
    newest[bucket] = place + 1;
    size += 1;
  }

  return {
    seenBefore(orderId, at) {
      while (size > 0 && at - (times[oldest] ?? at) > lengthMs) dropOldest();
      const digest = digestOf(orderId);
      if (find(digest)) return true;
      if (lengthMs > 0) add(digest, at);
      return false;
    },
    get size() {
      return size;
    },
  };
}

/** UTF-16, because UTF-8 encodes every lone surrogate as the same bytes. */
function digestOf(orderId: string): Int32Array {
  const bytes = hash('sha256', Buffer.from(orderId, 'utf16le'), 'buffer');
  return Int32Array.from({ length: words }, (_, index) => bytes.readInt32LE(4 * index));
}
