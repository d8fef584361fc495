import type { TopicRecord } from '../kafka/topic-record.ts';
import { NotRead, readBigint, readDouble, readField, readObject, readVarchar } from './read-as-ksqldb.ts';

/** Sums by product over all messages so far. */
export interface Sums {
  refills: ReadonlyMap<string, number>;
  orders: ReadonlyMap<string, number>;
}

/** Products are few; that a flood of made-up names must not fill the memory is all this is for. */
const mostProducts = 100_000;

/** The limits of the contract of orders and refills; ksql/statements have the same in WHERE. */
const isAmount = (amount: number | null): amount is number => Number.isSafeInteger(amount) && Number(amount) >= 1;
const isShortText = (text: string | null): text is string => text !== null && text.length >= 1 && text.length <= 200;

export type InventorySums = ReturnType<typeof createInventorySums>;

/** Adds refills and orders up as the statements do: what ksqlDB cannot read or a WHERE leaves out is not counted (P5). */
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
      if (!isShortText(product) || !isAmount(amount)) {
        leftOut += 1;
        return;
      }
      if (sums.size < mostProducts || sums.has(product)) sums.set(product, (sums.get(product) ?? 0) + amount);
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      leftOut += 1;
    }
  }

  return {
    readRefill: (record: TopicRecord): void =>
      add(refills, record, (body) => {
        readBigint(readField(body, 'id'));
        return { product: readVarchar(readField(body, 'product')), amount: readDouble(readField(body, 'refill')) };
      }),

    readOrder: (record: TopicRecord): void =>
      add(orders, record, (body) => {
        const placed = readField(body, 'order');
        if (placed === null) return { product: null, amount: null };
        if (typeof placed !== 'object' || Array.isArray(placed)) throw new NotRead();
        const customer = readBigint(readField(placed, 'id'));
        const product = readVarchar(readField(placed, 'product'));
        const amount = readDouble(readField(placed, 'quantity'));
        const orderId = readVarchar(readField(body, 'order_id'));
        const orderedAt = readVarchar(readField(body, 'ordered_at'));
        const isOrder = customer !== null && orderedAt !== null && isShortText(orderId);
        return { product: isOrder ? product : null, amount };
      }),

    copy: (): Sums => ({ refills: new Map(refills), orders: new Map(orders) }),
    figures: () => ({ products: refills.size, messages, left_out: leftOut }),
  };
}
