import { encodeFrame } from '../api/frame.ts';
import type { Connection } from '../http/upgrades.ts';
import type { Filter } from '../messages/events.ts';
import type { Welcome } from '../messages/page-message.ts';
import type { Picture } from '../messages/picture.ts';
import type { Second } from '../messages/shop-seconds.ts';
import type { EventStore, StoredEvent } from '../shop/event-store.ts';
import { listEventText } from '../shop/list-event.ts';
import { everything, filterKey, matches, readFilter } from './filter.ts';
import { sampleEvents } from './sample-events.ts';

/** Events are listed four times a second; the picture is sent every second time, seconds every fourth. */
const tickMs = 250;
/** Most events listed in a tick: on average, and after a quiet time, because changes arrive in bursts. */
const eventsPerTick = 12;
const eventsAtOnce = 60;
const eventsAtFirst = 80;
/** Events that may wait for the next tick. Further ones are only counted. */
const mostPending = 5_000;
/** A page that has this much still to read is skipped in a tick. */
const mostUnread = 256 * 1_024;
/** Seconds that are sent again, because late messages still change them. */
const lateSeconds = 12;

const notUnderstood = 1008;

export interface DashboardSources {
  welcome: Omit<Welcome, 'type'>;
  store: EventStore;
  picture(): Picture;
  secondsSince(second: number): Second[];
}

/** The WebSocket connections of open pages. Each page gets pictures and samples at a steady pace, however many messages arrive. */
export interface Dashboard {
  /** An event that arrived just now. */
  notify(event: StoredEvent): void;
  accept(connection: Connection): void;
  close(): void;
}

interface Page extends Pick<Connection, 'webSocket' | 'socket'> {
  filter: Filter;
  /** Needs complete lists: it has just connected, changed its filter, or could not read in time. */
  fresh: { events: boolean; seconds: boolean };
}

export function createDashboard(sources: DashboardSources): Dashboard {
  const pages = new Set<Page>();
  let pending: StoredEvent[] = [];
  let overflow = 0;
  let ticks = 0;
  let allowance = eventsAtOnce;

  function tick(): void {
    ticks += 1;
    const news = pending;
    const lost = overflow;
    pending = [];
    overflow = 0;
    if (pages.size === 0) return;
    allowance = Math.min(allowance + eventsPerTick, eventsAtOnce);
    const frames = createFrames(sources, { news, lost, allowance });
    for (const page of pages) {
      if (page.webSocket.readyState !== page.webSocket.OPEN) continue;
      if (page.socket.writableLength > mostUnread) page.fresh = { events: true, seconds: true };
      else send(page, frames, ticks);
    }
    allowance -= frames.listed();
  }

  const timer = setInterval(tick, tickMs);

  return {
    notify(event) {
      if (pages.size === 0) return;
      pending.push(event);
      if (pending.length <= mostPending) return;
      overflow += pending.length - mostPending / 2;
      pending = pending.slice(-mostPending / 2);
    },
    accept({ webSocket, socket }) {
      const page: Page = { webSocket, socket, filter: everything, fresh: { events: true, seconds: true } };
      webSocket.send(JSON.stringify({ type: 'welcome', ...sources.welcome } satisfies Welcome));
      send(page, createFrames(sources, { news: [], lost: 0, allowance: 0 }), 0);
      pages.add(page);
      webSocket.on('close', () => pages.delete(page));
      webSocket.on('message', (message, isBinary) => {
        const filter = isBinary ? undefined : readFilter(String(message));
        if (!filter) webSocket.close(notUnderstood, 'a filter was expected: {"type":"filter","topics":null,"text":""}');
        else Object.assign(page, { filter, fresh: { ...page.fresh, events: true } });
      });
    },
    close() {
      clearInterval(timer);
      for (const { webSocket } of pages) webSocket.close(1001, 'the service is stopping');
    },
  };
}

function send(page: Page, frames: Frames, ticks: number): void {
  const { socket, fresh, filter } = page;
  socket.cork();
  const events = fresh.events ? frames.allEvents(filter) : frames.events(filter);
  if (events) socket.write(events);
  if (ticks % 2 === 0) socket.write(frames.picture());
  if (fresh.seconds) socket.write(frames.allSeconds());
  else if (ticks % 4 === 0) socket.write(frames.seconds());
  socket.uncork();
  page.fresh = { events: false, seconds: false };
}

type Frames = ReturnType<typeof createFrames>;

interface News {
  news: readonly StoredEvent[];
  /** Events that came and are not known any more. */
  lost: number;
  /** How many may be listed. */
  allowance: number;
}

/** The frames of one tick, each encoded once, when the first page needs it. */
function createFrames(sources: DashboardSources, { news, lost, allowance }: News) {
  const { reports } = sources.welcome;
  let mostListed = 0;
  const made = new Map<string, Buffer | null>();
  const once = (key: string, make: () => Buffer | null): Buffer | null => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const frame = make();
    made.set(key, frame);
    return frame;
  };
  const seconds = (whole: boolean, from: number) =>
    encodeFrame(JSON.stringify({ type: 'seconds', whole, seconds: sources.secondsSince(from) }));

  return {
    /** The most events that one page got. */
    listed: () => mostListed,
    events: (filter: Filter) =>
      once(`events ${filterKey(filter)}`, () => {
        const matching = news.filter((event) => matches(filter, event, reports));
        const sample = sampleEvents(matching, allowance);
        mostListed = Math.max(mostListed, sample.length);
        const leftOut = matching.length - sample.length + lost;
        return sample.length + leftOut === 0 ? null : encodeEvents(sample, { whole: false, leftOut });
      }),
    allEvents: (filter: Filter) =>
      once(`all ${filterKey(filter)}`, () => encodeEvents(newest(sources, filter), { whole: true, leftOut: 0 })),
    picture: () => once('picture', () => encodeFrame(JSON.stringify(sources.picture()))) ?? Buffer.alloc(0),
    seconds: () => once('seconds', () => seconds(false, Date.now() / 1_000 - lateSeconds)) ?? Buffer.alloc(0),
    allSeconds: () => once('all seconds', () => seconds(true, 0)) ?? Buffer.alloc(0),
  };
}

function newest({ store, welcome: { reports } }: DashboardSources, filter: Filter): StoredEvent[] {
  const found: StoredEvent[] = [];
  for (const event of store.newestFirst()) {
    if (matches(filter, event, reports)) found.push(event);
    if (found.length >= eventsAtFirst) break;
  }
  return found.reverse();
}

function encodeEvents(events: StoredEvent[], { whole, leftOut }: { whole: boolean; leftOut: number }): Buffer {
  const listed = events.map(listEventText).join();
  return encodeFrame(`{"type":"events","whole":${whole},"events":[${listed}],"left_out":${leftOut}}`);
}
