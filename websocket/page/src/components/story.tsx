import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Story as FoundStory } from '../../../src/messages/story.ts';
import { closeStory, loadStory, openCustomer, searchStory, story, storyError } from '../state/open-story.ts';
import { type StoryAddress, storyAddress } from '../state/route.ts';
import { count, shortId, time } from '../text/format.ts';
import { findFirstToNewAddress } from '../text/mark-moves.ts';
import { EventRow } from './events.tsx';
import { Timeline } from './timeline.tsx';

/** Interval at which an open history is reloaded, in ms. */
const refreshMs = 2_000;

/** Searches for a customer or an order. */
export function StorySearch() {
  const typed = useSignal('');
  return (
    <search>
      <form
        class="story-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.value.trim() !== '') searchStory(typed.value.trim());
        }}
      >
        <label class="visually-hidden" for="story-search">
          Customer (number or name) or order (number)
        </label>
        <input
          id="story-search"
          type="search"
          placeholder="Customer (number or name) or order"
          maxLength={200}
          onInput={({ currentTarget: { value } }) => {
            typed.value = value;
          }}
        />
        <button type="submit" class="button">
          Find story
        </button>
      </form>
    </search>
  );
}

/** Everything that happened to one customer or one order, with the times of all its hops. */
export function Story() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [address, found] = [storyAddress.value, story.value];
  useEffect(() => {
    const element = dialog.current;
    if (address === null) {
      element?.close();
      return;
    }
    if (!element?.open) element?.showModal();
    const timer = setInterval(() => void loadStory(), refreshMs);
    return () => clearInterval(timer);
  }, [address]);

  return (
    <dialog ref={dialog} class="story" aria-labelledby="story-title" onClose={closeStory}>
      {address !== null && (
        <>
          <header class="card-head">
            <h2 id="story-title">{found ? titleOf(found, address) : `Looking for ${address.search} …`}</h2>
            <button type="button" class="button" onClick={closeStory}>
              Close
            </button>
          </header>
          {storyError.value && <p class="empty">{storyError.value}</p>}
          {found && <Found story={found} address={address} />}
        </>
      )}
    </dialog>
  );
}

function titleOf({ customer, order_id, candidates, search }: FoundStory, { kind }: StoryAddress): string {
  const who = customer && (customer.name === null ? `customer ${customer.id}` : `${customer.name} (${customer.id})`);
  if (order_id) return `Order ${shortId(order_id)}${who ? ` of ${who}` : ''}`;
  if (kind === 'orders') return `Order ${shortId(search)}`;
  if (who) return who;
  return candidates.length > 0 ? `Customers called “${search}”` : `Nothing found for “${search}”`;
}

/** The id of an order may be a customer's, too. */
const isUnknown = ({ order_id, events, candidates }: FoundStory, { kind }: StoryAddress) =>
  kind === 'orders' ? order_id === null : events.length + candidates.length === 0;

function Found({ story: found, address }: { story: FoundStory; address: StoryAddress }) {
  const { events, candidates, store } = found;
  const firstToNewAddress = findFirstToNewAddress(events);
  const searched =
    store.oldest === null
      ? 'Nothing is stored yet.'
      : `Searched: the last ${count(store.events)} events, since ${time(store.oldest)}. Older events are still in Kafka, but not stored here.`;
  if (isUnknown(found, address))
    return (
      <p role="alert">
        This {address.kind === 'orders' ? 'order' : 'customer'} is unknown, or older than the events here. {searched}
      </p>
    );
  return (
    <>
      <p class="card-note">{searched}</p>
      {candidates.length > 0 && (
        <ul class="candidates">
          {candidates.map(({ id, name, country }) => (
            <li key={id}>
              <button type="button" class="button" onClick={() => openCustomer(id)}>
                {name} ({id}), {country}
              </button>
            </li>
          ))}
        </ul>
      )}
      <ol class="event-list" aria-label="Events of this story, oldest first">
        {events.map((event) => (
          <EventRow key={event.id} event={event} mark={firstToNewAddress.has(event.id) ? 'the new address' : undefined}>
            <Timeline event={event} />
          </EventRow>
        ))}
      </ol>
    </>
  );
}
