/** Values of these types are numbers (see value.ts), and ISO text in answers, casts and comparisons. */
type TimeBase = 'TIMESTAMP' | 'DATE' | 'TIME';

export const dayMs = 86_400_000;

export const isTime = (type: { readonly base: string }): type is { readonly base: TimeBase } =>
  type.base === 'TIMESTAMP' || type.base === 'DATE' || type.base === 'TIME';

export function timeText(base: TimeBase, value: number): string {
  const iso = new Date(base === 'DATE' ? value * dayMs : value).toISOString();
  if (base === 'TIMESTAMP') return iso.slice(0, 23);
  // ksqlDB formats a TIME without milliseconds, and without seconds if they are 0.
  return base === 'DATE' ? iso.slice(0, 10) : iso.slice(11, iso.slice(17, 19) === '00' ? 16 : 19);
}

const dateTimePattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d{1,3})?))?)?)?)?)?(?:Z|([+-])(\d\d):?(\d\d))?$/;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,3})?)?$/;

/** Parses a time; undefined if it is invalid. As in ksqlDB, the last parts and the zone are optional. */
export function parseTime(base: TimeBase, text: string): number | undefined {
  if (base === 'TIME') {
    const [whole, hour, minute, second = '0', fraction = '0'] = timePattern.exec(text) ?? [];
    if (whole === undefined) return undefined;
    return (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000 + Math.round(Number(fraction) * 1_000);
  }
  const found = dateTimePattern.exec(text);
  if (found === null || (base === 'DATE' && found[4] !== undefined)) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, zoneHour, zoneMinute] =
    found;
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  // ksqlDB reads 30 February as the month's last day in a TIMESTAMP, and refuses it in a DATE.
  if (Number(day) > (base === 'TIMESTAMP' ? 31 : last)) return undefined;
  const existing = String(Math.min(Number(day), last)).padStart(2, '0');
  const at = Date.parse(`${year}-${month}-${existing}T${hour}:${minute}:${second.padEnd(2, '0')}${zone}`);
  if (Number.isNaN(at)) return undefined;
  return base === 'DATE' ? Math.floor(at / dayMs) : at;
}
