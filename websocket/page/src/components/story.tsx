import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Story as FoundStory } from '../../../src/messages/story.ts';
import { closeStory, loadStory, openStory, story, storyError, storySearch } from '../state/open-story.ts';
import { count, shortId, time } from '../text/format.ts';
import { findFirstToNewAddress } from '../text/mark-moves.ts';
import { EventRow } from './events.tsx';

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
          if (typed.value.trim() !== '') openStory(typed.value.trim());
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

/** Everything that happened to one customer or one order. */
export function Story() {
  const dialog = useRef<HTMLDialogElement>(null);
  const search = storySearch.value;
  useEffect(() => {
    const element = dialog.current;
    if (search === null) {
      element?.close();
      return;
    }
    if (!element?.open) element?.showModal();
    const timer = setInterval(() => void loadStory(), refreshMs);
    return () => clearInterval(timer);
  }, [search]);

  return (
    <dialog ref={dialog} class="story" aria-labelledby="story-title" onClose={closeStory}>
      {search !== null && (
        <>
          <header class="card-head">
            <h2 id="story-title">{story.value ? titleOf(story.value) : `Looking for ${search} …`}</h2>
            <button type="button" class="button" onClick={closeStory}>
              Close
            </button>
          </header>
          {storyError.value && <p class="empty">{storyError.value}</p>}
          {story.value && <Found story={story.value} />}
        </>
      )}
    </dialog>
  );
}

function titleOf({ customer, order_id, candidates, search }: FoundStory): string {
  const who = customer && `${customer.name ?? 'customer'} (${customer.id})`;
  if (order_id) return `Order ${shortId(order_id)}${who ? ` of ${who}` : ''}`;
  if (who) return who;
  return candidates.length > 0 ? `Customers called “${search}”` : `Nothing found for “${search}”`;
}

function Found({ story: { events, candidates, store } }: { story: FoundStory }) {
  const firstToNewAddress = findFirstToNewAddress(events);
  return (
    <>
      <p class="card-note">
        {store.oldest === null
          ? 'Nothing is stored yet.'
          : `Searched: the last ${count(store.events)} events, since ${time(store.oldest)}. Older events are still in Kafka, but not stored here.`}
      </p>
      {candidates.length > 0 && (
        <ul class="candidates">
          {candidates.map(({ id, name, country }) => (
            <li key={id}>
              <button type="button" class="button" onClick={() => openStory(String(id))}>
                {name} ({id}), {country}
              </button>
            </li>
          ))}
        </ul>
      )}
      <ol class="event-list" aria-label="Events of this story, oldest first">
        {events.map((event) => (
          <EventRow
            key={event.id}
            event={event}
            mark={firstToNewAddress.has(event.id) ? 'the new address' : undefined}
          />
        ))}
      </ol>
    </>
  );
}
