/** Records in one chunk of memory. */
const chunkSize = 65_536;
const none = -1;

interface Chunk {
  /** The numbers of all records, one record after the other. */
  numbers: Float64Array;
  /** Slot of the record before each record in its list. */
  before: Int32Array;
}

/**
 * Lists of records, one list for each key. Every record has the same number of numbers. A million customers can have three million
 * records: as objects they would take five times the memory of these arrays, and the garbage collector would visit each of them.
 *
 * @param width numbers in a record
 */
export function createRecordLists(width: number) {
  /** Slot of the last record of each list. */
  const lastSlots = new Map<number, number>();
  const chunks: Chunk[] = [];
  let used = 0;
  /** Last slot of the list of free slots. */
  let lastFree = none;

  const chunkOf = (slot: number): Chunk => {
    const chunk = chunks[Math.floor(slot / chunkSize)];
    if (!chunk) throw new RangeError(`there is no slot ${slot}`);
    return chunk;
  };
  const beforeOf = (slot: number): number => chunkOf(slot).before[slot % chunkSize] ?? none;
  function recordAt(slot: number): number[] {
    const { numbers } = chunkOf(slot);
    const start = (slot % chunkSize) * width;
    const record: number[] = [];
    // Faster than a copy of a subarray for so few numbers.
    for (let index = start; index < start + width; index++) record.push(numbers[index] ?? Number.NaN);
    return record;
  }

  function takeSlot(): number {
    if (lastFree !== none) {
      const slot = lastFree;
      lastFree = beforeOf(slot);
      return slot;
    }
    if (used === chunks.length * chunkSize)
      chunks.push({ numbers: new Float64Array(chunkSize * width), before: new Int32Array(chunkSize) });
    used += 1;
    return used - 1;
  }

  function append(key: number, record: readonly number[]): void {
    const slot = takeSlot();
    const { numbers, before } = chunkOf(slot);
    numbers.set(record, (slot % chunkSize) * width);
    before[slot % chunkSize] = lastSlots.get(key) ?? none;
    lastSlots.set(key, slot);
  }

  function deleteList(key: number): void {
    for (let slot = lastSlots.get(key) ?? none; slot !== none; ) {
      const next = beforeOf(slot);
      chunkOf(slot).before[slot % chunkSize] = lastFree;
      lastFree = slot;
      slot = next;
    }
    lastSlots.delete(key);
  }

  return {
    append,

    /** @returns the last record of a list */
    last(key: number): number[] | undefined {
      const slot = lastSlots.get(key);
      return slot === undefined ? undefined : recordAt(slot);
    },

    /** @returns the records of a list, first to last */
    read(key: number): number[][] {
      const records: number[][] = [];
      for (let slot = lastSlots.get(key) ?? none; slot !== none; slot = beforeOf(slot)) records.push(recordAt(slot));
      return records.reverse();
    },

    /** Replaces a list. A list without records is deleted. */
    write(key: number, records: readonly (readonly number[])[]): void {
      deleteList(key);
      for (const record of records) append(key, record);
    },

    has: (key: number): boolean => lastSlots.has(key),
    keys: (): Iterable<number> => lastSlots.keys(),
    /** Number of lists. */
    get size(): number {
      return lastSlots.size;
    },
    /** Number of records for which there is memory. */
    get capacity(): number {
      return chunks.length * chunkSize;
    },
  };
}
