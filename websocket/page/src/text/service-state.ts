import type { FaultLine } from '../../../src/messages/commands.ts';
import type { ServiceLine } from '../../../src/messages/picture.ts';
import { duration } from './format.ts';

/** Services report every three seconds. One that missed several reports is highlighted. */
const silentMs = 12_000;

interface ServiceLook {
  silent: boolean;
  look: 'good' | 'unsure' | 'bad';
  words: string;
}

/** @param isServerWaiting the server itself receives nothing, so silence proves nothing about other services */
export function lookOf({ state, silent_ms }: ServiceLine, isServerWaiting: boolean): ServiceLook {
  if (isServerWaiting) return { silent: false, look: 'unsure', words: `was ${state}` };
  if (state !== 'stopped' && silent_ms > silentMs)
    return { silent: true, look: 'bad', words: `silent for ${duration(silent_ms)}` };
  const look = state === 'ready' ? 'good' : state === 'failed' ? 'bad' : 'unsure';
  return { silent: false, look, words: state };
}

/**
 * Why a service counts as down: a command crashed or froze it, or none of its instances works.
 *
 * @param lines all instances of the service
 */
export function whyDown(
  service: string,
  lines: readonly ServiceLine[],
  faults: readonly FaultLine[],
  now: number,
): string | undefined {
  const fault = faults.find((each) => each.service === service && each.recovered_at === null);
  if (fault) return `${fault.fault === 'crash' ? 'crashed' : 'frozen'} ${duration(Math.max(0, now - fault.since))} ago`;
  const looks = lines.map((line) => lookOf(line, false));
  if (looks.length === 0 || looks.some(({ look }) => look !== 'bad')) return undefined;
  return looks[0]?.words;
}
