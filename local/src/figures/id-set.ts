/** A set of positive whole numbers, at one bit a number where they lie close together, as ids of a table do. */
export interface IdSet {
  readonly size: number;
  add(id: number): void;
  delete(id: number): void;
  /** One text a block, to be kept in JSON. */
  toJSON(): Record<string, string>;
}

const idsPerBlock = 65_536;

/** @param kept what `toJSON` gave */
export function createIdSet(kept: Readonly<Record<string, string>> = {}): IdSet {
  const blocks = new Map<number, Uint8Array>();
  let size = 0;
  for (const [block, bits] of Object.entries(kept)) {
    const bytes = new Uint8Array(Buffer.from(bits, 'base64'));
    blocks.set(Number(block), bytes);
    for (const byte of bytes) size += countBits(byte);
  }

  function change(id: number, present: boolean): void {
    const number = Math.floor(id / idsPerBlock);
    let block = blocks.get(number);
    if (!block) {
      if (!present) return;
      block = new Uint8Array(idsPerBlock / 8);
      blocks.set(number, block);
    }
    const index = (id % idsPerBlock) >> 3;
    const bit = 1 << (id & 7);
    const byte = block[index] ?? 0;
    if (((byte & bit) !== 0) === present) return;
    block[index] = byte ^ bit;
    size += present ? 1 : -1;
  }

  return {
    get size() {
      return size;
    },
    add: (id) => change(id, true),
    delete: (id) => change(id, false),
    toJSON: () =>
      Object.fromEntries([...blocks].map(([block, bytes]) => [block, Buffer.from(bytes).toString('base64')])),
  };
}

function countBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
