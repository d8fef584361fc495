import type { TopicRecord } from '@shop/common';
import { readBigint, readDouble, readField, readObject, readVarchar, UnreadableColumn } from './read-as-ksqldb.ts';

/** Sums by product over all messages read so far. */
export interface Sums {
  refills: ReadonlyMap<string, number>;
  orders: ReadonlyMap<string, number>;
}

/** A shop has few products. The limit keeps invented names from filling the memory. */
const mostProducts = 100_000;

/** The contract of orders and refills has these limits, and so has the WHERE in ksql/statements. */
const isAmount = (amount: number | null): amount is number => Number.isSafeInteger(amount) && Number(amount) >= 1;
const isShortText = (text: string | null): text is string => text !== null && text.length >= 1 && text.length <= 200;

/** Adds up refills and orders as the ksqlDB statements do (P5), without messages that ksqlDB cannot read or a WHERE filters. */
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
      if (!(error instanceof UnreadableColumn)) throw error;
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
        const customer = readStruct(body, 'customer');
        const customerId = readBigint(readField(customer, 'id'));
        const names = ['first_name', 'last_name'].map((name) => readVarchar(readField(customer, name)));
        const ordered = readStruct(body, 'order');
        const productId = readBigint(readField(ordered, 'id'));
        const product = readVarchar(readField(ordered, 'product'));
        const amount = readDouble(readField(ordered, 'quantity'));
        const orderId = readVarchar(readField(body, 'order_id'));
        const orderedAt = readVarchar(readField(body, 'ordered_at'));
        const isOrder = [customerId, ...names, productId, orderedAt].every((field) => field !== null);
        return { product: isOrder && isShortText(orderId) ? product : null, amount };
      }),

    copy: (): Sums => ({ refills: new Map(refills), orders: new Map(orders) }),
    figures: () => ({ products: refills.size, messages, left_out: leftOut }),
  };
}

/** Reads a column of type STRUCT. A null gives an object without fields, so all of its fields are null. */
function readStruct(body: object, name: string): object {
  const value = readField(body, name);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new UnreadableColumn();
  return value;
}
