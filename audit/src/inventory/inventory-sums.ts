import type { TopicRecord } from '../kafka/topic-record.ts';
import { NotRead, readBigint, readField, readObject, readVarchar } from './read-as-ksqldb.ts';

/** Sums by product over all messages so far. */
export interface Sums {
  refills: ReadonlyMap<string, number>;
  orders: ReadonlyMap<string, number>;
}

/** Products are few; that a flood of made-up names must not fill the memory is all this is for. */
const mostProducts = 100_000;

export type InventorySums = ReturnType<typeof createInventorySums>;

/** Adds refills and orders up, message by message as ksqlDB reads them: what it cannot read it leaves out (P5). */
export function createInventorySums() {
  const refills = new Map<string, number>();
  const orders = new Map<string, number>();
  let messages = 0;
  let leftOut = 0;

  function add(
    sums: Map<string, number>,
    record: TopicRecord,
    read: (body: object) => { product: string | null; amount: number | null },
  ): void {
    messages += 1;
    if (record.value === null) return;
    try {
      const { product, amount } = read(readObject(record.value));
      if (product === null) return;
      if (sums.size < mostProducts || sums.has(product)) sums.set(product, (sums.get(product) ?? 0) + (amount ?? 0));
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      leftOut += 1;
    }
  }

  return {
    readRefill: (record: TopicRecord): void =>
      add(refills, record, (body) => {
        readBigint(readField(body, 'id'));
        return { product: readVarchar(readField(body, 'product')), amount: readBigint(readField(body, 'refill')) };
      }),

    readOrder: (record: TopicRecord): void =>
      add(orders, record, (body) => {
        const placed = readField(body, 'order');
        if (placed === null) return { product: null, amount: null };
        if (typeof placed !== 'object' || Array.isArray(placed)) throw new NotRead();
        readBigint(readField(placed, 'id'));
        return {
          product: readVarchar(readField(placed, 'product')),
          amount: readBigint(readField(placed, 'quantity')),
        };
      }),

    copy: (): Sums => ({ refills: new Map(refills), orders: new Map(orders) }),
    figures: () => ({ products: refills.size, messages, left_out: leftOut }),
  };
}
