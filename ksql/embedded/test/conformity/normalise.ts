import type { Received } from './http.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The recording's rules for comparing a step's answer. */
export interface Compare {
  readonly rows?: 'set' | 'list' | 'count';
  readonly poll_ms?: number;
  readonly ignore?: readonly string[];
}

/** Fields that cannot be compared: metrics, plans, hosts. */
const droppedFields = new Set(
  'timestamp statistics errorStats clusterStatistics clusterErrorStats queryOffsetSummaries executionPlan topology ksqlHostQueryStatus consumerGroupId taskMetadatas stackTrace sourceConstraints'.split(
    ' ',
  ),
);
/** Fields that must be present, with any value. */
const maskedFields = new Set(['version', 'kafkaClusterId', 'ksqlServiceId', 'commandSequenceNumber']);
/** Lists of everything on the server. Only the scenario's entries are compared, in any order. */
const inventories = new Set(['streams', 'tables', 'queries', 'topics', 'sourceDescriptions']);
/** Fields whose text may differ. */
const softFields = new Set(
  'message raw statementText queryString statement commandId readQueries writeQueries replication partitions extended windowType overriddenProperties queryErrors sources sinkKafkaTopics statusCount warnings tasksMetadata'.split(
    ' ',
  ),
);

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses JSON and converts integers above 2^53 to text like `#9007199254740993`, as in the recordings. */
export function parseExact(text: string): Json {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
      !token.startsWith('"') && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"#${token}"` : token,
    ),
  );
}

const scrub = (text: string): string =>
  text
    .replace(/\bquery_\d+\b/g, 'query_#')
    .replace(/\btransient_(\w+)_\d+\b/g, 'transient_$1_#')
    .replace(/\b((?:CTAS|CSAS|CST)_\w+?|INSERTQUERY)_\d+\b/g, '$1_#')
    .replace(/(?:127\.0\.0\.1|localhost):\d+/g, '<host>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '<time>');

const sorted = (list: readonly Json[]): Json[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function clean(value: Json, prefix: string): Json {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((each) => clean(each, prefix));
  if (!isObject(value)) return value;
  const result: { [name: string]: Json } = {};
  for (const [name, field] of Object.entries(value)) {
    if (droppedFields.has(name)) continue;
    if (maskedFields.has(name)) result[name] = `<${typeof field}>`;
    else if (inventories.has(name) && Array.isArray(field)) {
      const own = field.filter((entry) => JSON.stringify(entry).toUpperCase().includes(prefix.toUpperCase()));
      result[name] = sorted(own.map((entry) => clean(entry, prefix)));
    } else result[name] = clean(field, prefix);
  }
  return result;
}

const isRow = (value: Json): boolean => Array.isArray(value) || (isObject(value) && value['row'] !== undefined);
const isHeader = (value: Json | undefined): boolean =>
  isObject(value) && (value['columnNames'] !== undefined || isObject(value['header']));

/** Keeps names and types of the header, and sorts or counts the rows as the recording requires. */
function cleanRows([head, ...rest]: readonly Json[], mode: Compare['rows']): Json[] {
  const header =
    isObject(head) && isObject(head['header'])
      ? { header: { ...head['header'], queryId: '<id>' } }
      : { ...(isObject(head) ? head : {}), queryId: '<id>' };
  const rows = rest.filter(isRow);
  const kept = mode === 'count' ? [`${rows.length} rows`] : mode === 'list' ? rows : sorted(rows);
  return [header, ...kept, ...rest.filter((value) => !isRow(value))];
}

function parseBody({ text, contentType }: Received): Json | undefined {
  try {
    return contentType === 'application/vnd.ksqlapi.delimited.v1'
      ? text.trim().split('\n').map(parseExact)
      : parseExact(text);
  } catch {
    return undefined;
  }
}

function ignore(value: Json | undefined, [head = '', ...rest]: readonly string[]): void {
  const target: Record<string, Json> | undefined = Array.isArray(value)
    ? Object.assign(value)
    : isObject(value)
      ? value
      : undefined;
  if (target === undefined) return;
  if (rest.length === 0) delete target[head];
  else ignore(target[head], rest);
}

/** Converts a received answer to the form of the recordings. */
export function normalise(received: Received, compare: Compare, prefix: string): Json {
  const body = parseBody(received);
  const { status, contentType } = received;
  if (body === undefined) return { status, contentType, raw: received.text };
  const cleaned = Array.isArray(body) && isHeader(body[0]) ? cleanRows(body, compare.rows) : clean(body, prefix);
  for (const path of compare.ignore ?? []) ignore(cleaned, path.split('.'));
  return { status, contentType, body: cleaned };
}

/** The parts of an answer that must be identical. */
export function hardParts(value: Json): Json {
  if (Array.isArray(value)) return value.map(hardParts);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (softFields.has(name) ? [] : [[name, hardParts(field)]])),
  );
}
