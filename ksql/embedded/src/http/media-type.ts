export const jsonType = 'application/json';
export const v1Type = 'application/vnd.ksql.v1+json';
export const delimitedType = 'application/vnd.ksqlapi.delimited.v1';

export type AnswerFormat = 'delimited' | 'json' | 'v1';

/** The media ranges of an Accept header, in order of preference. */
function acceptedRanges(accept: string): string[] {
  return accept
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters
        .map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
        .find((q) => q !== undefined);
      return { range: range.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}

const isAny = (range: string): boolean => range === '*/*' || range === 'application/*' || range === '*';

/** Chooses the format of a query's answer; null if the client accepts none. */
export function queryFormat(path: '/query' | '/query-stream', accept: string | undefined): AnswerFormat | null {
  if (accept === undefined) return path === '/query' ? 'v1' : 'delimited';
  for (const range of acceptedRanges(accept)) {
    if (range === delimitedType || isAny(range)) return 'delimited';
    if (range === v1Type) return 'v1';
    if (range === jsonType) return path === '/query' ? 'v1' : 'json';
  }
  return null;
}

/** Whether the client accepts JSON, the only format of the other endpoints. */
export const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined ||
  acceptedRanges(accept).some((range) => range === jsonType || range === v1Type || isAny(range));

/** Whether the client names the delimited format; `*` does not count. */
export const namesDelimited = (accept: string | undefined): boolean =>
  accept?.toLowerCase().includes(delimitedType) === true;
