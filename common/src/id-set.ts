/** Number of ids whose bits share one array. */
const idsPerChunk = 1_024;
const bitsPerWord = 32;

export type IdSet = ReturnType<typeof createIdSet>;

/**
 * A set of whole numbers. Ids of a sequence take little more than a bit each, where a `Set` takes some 40 bytes.
 *
 * @param kept what `toJSON` returned
 */
export function createIdSet(kept: Readonly<Record<string, string>> = {}) {
  const chunks = new Map<number, Uint32Array>();
  let size = 0;

  const chunkOf = (id: number): number => Math.floor(id / idsPerChunk);

  /** Sets or clears a bit. @returns whether this changed it */
  function put(id: number, isMember: boolean): boolean {
    const words = chunks.get(chunkOf(id)) ?? new Uint32Array(idsPerChunk / bitsPerWord);
    const index = id - chunkOf(id) * idsPerChunk;
    const word = Math.floor(index / bitsPerWord);
    const bit = 1 << (index % bitsPerWord);
    const before = words[word] ?? 0;
    if (((before & bit) !== 0) === isMember) return false;
    words[word] = before ^ bit;
    chunks.set(chunkOf(id), words);
    size += isMember ? 1 : -1;
    return true;
  }

  function has(id: number): boolean {
    const index = id - chunkOf(id) * idsPerChunk;
    return (((chunks.get(chunkOf(id))?.[Math.floor(index / bitsPerWord)] ?? 0) >>> (index % bitsPerWord)) & 1) === 1;
  }

  /** @param direction 1: ascending, -1: descending */
  function* walk(direction: 1 | -1): Generator<number> {
    const order = Float64Array.from(chunks.keys()).sort();
    if (direction < 0) order.reverse();
    for (const chunk of order) {
      const first = direction > 0 ? chunk * idsPerChunk : (chunk + 1) * idsPerChunk - 1;
      for (let step = 0; step < idsPerChunk; step++) if (has(first + direction * step)) yield first + direction * step;
    }
  }

  for (const [chunk, bits] of Object.entries(kept)) {
    const bytes = Uint8Array.from(Buffer.from(bits, 'base64'));
    chunks.set(Number(chunk), new Uint32Array(bytes.buffer));
    for (let id = Number(chunk) * idsPerChunk; id < (Number(chunk) + 1) * idsPerChunk; id++) if (has(id)) size += 1;
  }

  return {
    has,
    /** @returns whether it is new */
    add: (id: number): boolean => put(id, true),
    /** @returns whether it was there */
    delete: (id: number): boolean => put(id, false),
    ascending: (): Iterable<number> => walk(1),
    descending: (): Iterable<number> => walk(-1),
    get size(): number {
      return size;
    },
    /** The bits of each chunk as base64. */
    toJSON: (): Record<string, string> =>
      Object.fromEntries([...chunks].map(([chunk, { buffer }]) => [chunk, Buffer.from(buffer).toString('base64')])),
  };
}
