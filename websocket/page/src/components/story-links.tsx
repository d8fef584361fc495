import { openCustomer, openOrder } from '../state/open-story.ts';
import { shortId } from '../text/format.ts';

/** Links from an event to the history of its customer or order. */
export function StoryLinks({ customer, order }: { customer?: number | undefined; order?: string | undefined }) {
  return (
    <p class="story-links">
      {customer !== undefined && Number.isFinite(customer) && (
        <button type="button" class="button" onClick={() => openCustomer(customer)}>
          Story of customer {customer}
        </button>
      )}
      {order && (
        <button type="button" class="button" onClick={() => openOrder(order)}>
          Story of order {shortId(order)}
        </button>
      )}
    </p>
  );
}
