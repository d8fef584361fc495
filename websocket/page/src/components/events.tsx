import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { ListedEvent } from '../../../src/messages/events.ts';
import { filter, heldBack, leftOutPerSecond, listed, paused, setPaused, welcome } from '../state/state.ts';
import { describeEvent, kindOf } from '../text/describe-event.ts';
import { count, time } from '../text/format.ts';
import { StoryLinks } from './story-links.tsx';

/** Pause in typing after which the search starts, in ms. */
const typingMs = 250;

/** The latest messages of all topics. A click shows the content of a message. */
export function Events() {
  return (
    <section class="card events" aria-labelledby="events-title">
      <header class="card-head">
        <h2 id="events-title">Latest events</h2>
        <p class="card-note">
          {leftOutPerSecond.value > 0
            ? `a sample: ${count(leftOutPerSecond.value)} more per second are counted, not listed`
            : 'as they arrive; sums and reports only when chosen'}
        </p>
        <button type="button" class="button" aria-pressed={paused.value} onClick={() => setPaused(!paused.value)}>
          {paused.value ? `Continue (${count(heldBack.value)} newer)` : 'Pause'}
        </button>
      </header>
      <TopicFilter />
      <TextFilter />
      <ol class="event-list" aria-label="Latest events, newest first">
        {listed.value.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ol>
      {listed.value.length === 0 && <p class="empty">Nothing here yet.</p>}
    </section>
  );
}

/** No topic chosen means all of them. */
function TopicFilter() {
  const chosen = filter.value.topics ?? [];
  const toggle = (topic: string) => {
    const topics = chosen.includes(topic) ? chosen.filter((each) => each !== topic) : [...chosen, topic];
    filter.value = { ...filter.value, topics: topics.length > 0 ? topics : null };
  };
  return (
    <fieldset class="topics">
      <legend class="visually-hidden">Only these topics</legend>
      {welcome.value?.topics.map((topic) => (
        <label key={topic} class={`topic-chip ${kindOf(topic)}`}>
          <input type="checkbox" checked={chosen.includes(topic)} onChange={() => toggle(topic)} />
          {topic.replace(/^dummy\.public\./, '')}
        </label>
      ))}
    </fieldset>
  );
}

let typing: number;

function TextFilter() {
  return (
    <label class="text-filter">
      <span class="visually-hidden">Only events with this text</span>
      <input
        type="search"
        placeholder="Only events with this text"
        maxLength={100}
        onInput={({ currentTarget: { value } }) => {
          clearTimeout(typing);
          typing = setTimeout(() => {
            filter.value = { ...filter.value, text: value };
          }, typingMs);
        }}
      />
    </label>
  );
}

interface EventRowProps {
  event: ListedEvent;
  /** Why the event is highlighted. */
  mark?: string | undefined;
  /** Shown below the line. */
  children?: ComponentChildren;
}

export function EventRow({ event, mark, children }: EventRowProps) {
  const open = useSignal(false);
  const description = describeEvent(event);
  return (
    <li class={`event ${description.kind} ${mark ? 'marked' : ''}`}>
      <button
        type="button"
        class="event-line"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <time>{time(event.timestamp)}</time>
        <span class="event-topic">{event.topic.replace(/^dummy\.public\./, '')}</span>
        <span class="event-text">
          {description.text}
          {mark && <b class="mark">{mark}</b>}
        </span>
      </button>
      {children}
      {open.value && (
        <div class="event-detail">
          <p>
            {event.topic}, partition {event.partition}, offset {event.offset}, key {event.key ?? 'none'}
            {event.value_format && `, not JSON (${event.value_format})`}
          </p>
          <StoryLinks customer={description.customer} order={description.order} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{show(event.value)}</pre>
          {event.headers && <pre>{show(event.headers)}</pre>}
        </div>
      )}
    </li>
  );
}

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
