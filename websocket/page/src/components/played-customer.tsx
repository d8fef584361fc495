import { useSignal } from '@preact/signals';
import { control, sendCommand } from '../state/commands.ts';
import { openCustomer } from '../state/open-story.ts';
import { play, playerError, playerStory } from '../state/player.ts';
import { picture } from '../state/state.ts';
import { type CustomerState, followCustomer } from '../text/customer-hops.ts';
import { time } from '../text/format.ts';

/** The customer whom the visitor plays: what they can do, and where their address has arrived. */
export function PlayedCustomer({ id }: { id: number }) {
  const found = playerStory.value;
  const state = followCustomer(found?.events ?? []);
  return (
    <>
      <p>
        You are <b>{found?.customer?.name ?? 'a customer'}</b>, customer {id}.{' '}
        {state.onTheWay > 0 && <b>{state.onTheWay} on the way.</b>}
      </p>
      {playerError.value && <p class="empty">{playerError.value}</p>}
      {state.wasDeleted ? (
        <p role="alert">
          This customer was deleted: the updater deletes some in every round, and other visitors may, too. Parcels on
          their way end as undeliverable.
        </p>
      ) : (
        <Actions id={id} />
      )}
      <Hops state={state} />
      <p class="break-buttons">
        <button type="button" class="button" onClick={() => openCustomer(id)}>
          Whole story
        </button>
        <button type="button" class="button" onClick={() => play(null)}>
          Be another customer
        </button>
      </p>
    </>
  );
}

function Actions({ id }: { id: number }) {
  const chosen = useSignal<string | null>(null);
  const products = (picture.value?.products ?? []).filter(({ sold }) => sold).map(({ product }) => product);
  const product = chosen.value ?? products[0] ?? '';
  const isOff = control.value !== 'on';
  return (
    <div class="actions">
      <label>
        <span class="visually-hidden">Product</span>
        <select
          value={product}
          onChange={({ currentTarget: { value } }) => {
            chosen.value = value;
          }}
        >
          {products.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        disabled={isOff || product === ''}
        onClick={() => void sendCommand({ target: 'order-service', command: 'order', customer_id: id, product })}
      >
        Order it
      </button>
      <button
        type="button"
        class="button"
        disabled={isOff}
        onClick={() => void sendCommand({ target: 'updater', command: 'move', customer_id: id })}
      >
        Move
      </button>
      <p class="quiet">
        A parcel is on its way for less than a second. To move in that time, choose shipping-service above and slow it
        down.
      </p>
    </div>
  );
}

function Hops({ state: { hops, hasMoved } }: { state: CustomerState }) {
  return (
    <ol class="hops" aria-label="Where the address has arrived" aria-live="polite">
      {hops.map(({ name, address, at, isNewest }) => (
        <li key={name} class={hasMoved && isNewest ? 'newest' : ''}>
          <span class="quiet">
            {name} {at !== null && <time>{time(at)}</time>}
          </span>
          <span>
            {address ?? '–'}
            {hasMoved && isNewest && <b class="mark">the new address</b>}
          </span>
        </li>
      ))}
    </ol>
  );
}
