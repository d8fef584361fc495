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
        const customer = readStruct(body, 'customer');
        const customerId = readBigint(readField(customer, 'id'));
        const names = ['first_name', 'last_name'].map((name) => readVarchar(readField(customer, name)));
        const placed = readStruct(body, 'order');
        const productId = readBigint(readField(placed, 'id'));
        const product = readVarchar(readField(placed, 'product'));
        const amount = readDouble(readField(placed, 'quantity'));
        const orderId = readVarchar(readField(body, 'order_id'));
        const orderedAt = readVarchar(readField(body, 'ordered_at'));
        const isOrder = [customerId, ...names, productId, orderedAt].every((field) => field !== null);
        return { product: isOrder && isShortText(orderId) ? product : null, amount };
      }),

    copy: (): Sums => ({ refills: new Map(refills), orders: new Map(orders) }),
    figures: () => ({ products: refills.size, messages, left_out: leftOut }),
  };
}

/** A column of type STRUCT; empty when it is null, so that all of its fields are. */
function readStruct(body: object, name: string): object {
  const value = readField(body, name);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new NotRead();
  return value;
}
