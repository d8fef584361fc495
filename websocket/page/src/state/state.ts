import { computed, signal } from '@preact/signals';
import type { Filter, ListedEvent } from '../../../src/messages/events.ts';
import type { Welcome } from '../../../src/messages/page-message.ts';
import type { Picture } from '../../../src/messages/picture.ts';
import type { Second } from '../../../src/messages/shop-seconds.ts';

export type Connection = 'connecting' | 'open' | 'lost';

/** Maximum number of rows in the list, however long the page is open. */
const mostListed = 120;
/** Seconds in the charts. */
const mostSeconds = 15 * 60;

export const connection = signal<Connection>('connecting');
/** Why no connection opens, for the screen; `null` when the reason is unknown. */
export const trouble = signal<string | null>(null);
export const welcome = signal<Welcome | null>(null);
export const picture = signal<Picture | null>(null);
/** Newest first. */
export const listed = signal<ListedEvent[]>([]);
/** Events per second that the server did not send, because it sends a sample at high rates. */
export const leftOutPerSecond = signal(0);
export const paused = signal(false);
/** Events that arrived while the list was paused. */
export const heldBack = signal(0);
export const filter = signal<Filter>({ type: 'filter', topics: null, text: '' });
/** Every known second, oldest first. */
export const seconds = signal<Second[]>([]);

/** The server receives no message, so it knows nothing new about the shop. */
export const isServerWaiting = computed(() => (picture.value?.waiting_for.length ?? 0) > 0);

/** A topic's messages per second. */
export const rates = computed(() => new Map(picture.value?.flows.map((flow) => [flow.topic, flow.per_second])));
export const totals = computed(() => new Map(picture.value?.flows.map((flow) => [flow.topic, flow.total])));

export function showSeconds(whole: boolean, news: Second[]): void {
  const known = new Map((whole ? [] : seconds.value).map((second) => [second.second, second]));
  for (const second of news) known.set(second.second, second);
  const sorted = [...known.values()].sort((a, b) => a.second - b.second);
  seconds.value = sorted.slice(-mostSeconds);
}

let waiting: ListedEvent[] = [];

export function showEvents(whole: boolean, events: ListedEvent[], leftOut: number): void {
  noteLeftOut(leftOut);
  if (paused.value && !whole) {
    heldBack.value += events.length + leftOut;
    waiting = [...events.toReversed(), ...waiting].slice(0, mostListed);
    return;
  }
  const newest = events.toReversed();
  if (whole) {
    waiting = [];
    listed.value = newest.slice(0, mostListed);
  } else if (newest.length > 0) listed.value = [...newest, ...listed.value].slice(0, mostListed);
}

export function setPaused(pause: boolean): void {
  paused.value = pause;
  if (pause) return;
  listed.value = [...waiting, ...listed.value].slice(0, mostListed);
  waiting = [];
  heldBack.value = 0;
}

const leftOutTicks: number[] = [];

/** The server sends four times a second. */
function noteLeftOut(count: number): void {
  leftOutTicks.push(count);
  if (leftOutTicks.length > 8) leftOutTicks.shift();
  leftOutPerSecond.value = Math.round((leftOutTicks.reduce((sum, each) => sum + each, 0) / leftOutTicks.length) * 4);
}
