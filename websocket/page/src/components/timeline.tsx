import type { ListedEvent } from '../../../src/messages/events.ts';
import { findHops } from '../text/find-hops.ts';
import { duration, timeWithMs } from '../text/format.ts';

/** The steps of an order or a change that a message tells, each with its time. */
export function Timeline({ event }: { event: ListedEvent }) {
  const hops = findHops(event);
  if (hops.length === 0) return null;
  return (
    <ol class="timeline">
      {hops.map(({ name, at, after }) => (
        <li key={name}>
          <time>{timeWithMs(at)}</time> {name} {after !== null && <b>{signed(after)}</b>}
        </li>
      ))}
    </ol>
  );
}

/** The clocks of two machines may differ, so a later step can have an earlier time. */
const signed = (ms: number) => `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
