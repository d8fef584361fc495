import { openCustomer } from '../state/open-story.ts';
import { picture } from '../state/state.ts';
import { duration, time } from '../text/format.ts';

/** Customers who moved, and whose next parcel went to the new address: the point of the demo. */
export function Moves() {
  const moves = picture.value?.moves ?? [];
  return (
    <section class="card moves" aria-labelledby="moves-title">
      <header class="card-head">
        <h2 id="moves-title">Moved, and the parcel followed</h2>
      </header>
      <p class="card-note">
        The address changed in Postgres, and the next shipment went to the new one. Shipping never asked Postgres.
      </p>
      <ol class="move-list">
        {moves.slice(0, 5).map((move) => (
          <li key={move.order_id}>
            <button type="button" class="move" onClick={() => openCustomer(move.customer_id)}>
              <span class="move-name">
                {move.name} <span class="quiet">customer {move.customer_id}</span>
              </span>
              {move.from && (
                <span class="move-from">
                  <span class="visually-hidden">from </span>
                  <s>{move.from}</s>
                </span>
              )}
              <span class="move-to">
                <span class="visually-hidden">to </span>
                {move.to}
              </span>
              <span class="quiet">
                moved {time(move.moved_at)}, {move.product} shipped there {duration(move.shipped_at - move.moved_at)}{' '}
                later
              </span>
            </button>
          </li>
        ))}
      </ol>
      {moves.length === 0 && <p class="empty">No customer who moved has ordered since. It takes a minute or two.</p>}
    </section>
  );
}
