import type { Order, RecordPosition, Shipment } from '@shop/common';
import { type Findings, violationAt } from '../findings/findings.ts';

/** What a shipment copies from its order. */
export type CopiedFields = Pick<Shipment, 'customer_id' | 'product' | 'quantity' | 'ordered_at'>;

/** Compares an outcome with its order. @param order undefined for a message that is no order */
export type CompareOutcome = (order: CopiedFields | undefined) => void;

export const copiedFieldsOf = ({ customer, order, ordered_at }: Order): CopiedFields => ({
  customer_id: customer.id,
  product: order.product,
  quantity: order.quantity,
  ordered_at,
});

/** Reports a shipment of a message that is no order, and one whose copied fields are not those of its order. */
export const compareShipment =
  (shipment: Shipment, position: RecordPosition, findings: Findings): CompareOutcome =>
  (order) => {
    const report = (problem: string, detail: string) =>
      findings.add(violationAt(problem, position, shipment.order_id, detail));
    if (!order) return report('outcome_of_no_order', 'the message there is no order');
    const differences = findDifferences(order, shipment);
    if (differences.length > 0) report('not_as_ordered', differences.join(', '));
  };

/** Reports an order that is set aside although it can be read. Whether a copy is one is compared elsewhere. */
export const compareDeadLetter =
  (code: string, position: RecordPosition, findings: Findings): CompareOutcome =>
  (order) => {
    if (order && code !== 'duplicate_order')
      findings.add(violationAt('readable_set_aside', position, undefined, `dead letter ${code}`));
  };

/** Lists the fields that differ. Services may write the same time in another form. */
function findDifferences(order: CopiedFields, shipment: CopiedFields): string[] {
  const differences = (['customer_id', 'product', 'quantity'] as const).filter(
    (field) => order[field] !== shipment[field],
  );
  const sameTime = Date.parse(order.ordered_at) === Date.parse(shipment.ordered_at);
  return [...differences, ...(sameTime ? [] : (['ordered_at'] as const))].map(
    (field) => `${field} is ${shipment[field]}, ordered ${order[field]}`,
  );
}
