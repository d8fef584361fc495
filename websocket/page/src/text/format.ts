const number = new Intl.NumberFormat('en');
const clockFields = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const clock = new Intl.DateTimeFormat('en-GB', clockFields);
const preciseClock = new Intl.DateTimeFormat('en-GB', { ...clockFields, fractionalSecondDigits: 3 });

/** 12,345 */
export const count = (value: number) => number.format(value);

/** A rate that is readable at a glance: 0, 0.4, 7.2, 154, 2,140. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(1) : number.format(Math.round(perSecond));
}

/** 340 ms, 2.4 s, 3 min, 5 h */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** 16:49:21 */
export const time = (ms: number) => clock.format(ms);

/** 16:49:21.068 */
export const timeWithMs = (ms: number) => preciseClock.format(ms);

/** The beginning of an order's id, enough to recognise it. */
export const shortId = (id: string) => (id.length > 12 ? `…${id.slice(-8)}` : id);
