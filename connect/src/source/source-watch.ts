import { ShopError } from '@shop/common';
import type { ConnectorDefinition } from '../read-connectors.ts';
import type { CaptureDatabase, CaptureStates } from './capture-query.ts';
import { type CaptureCheck, type CaptureNames, type CaptureState, captureChecks } from './checks.ts';

/** Lost changes: only a new snapshot shows the current customers. */
export interface Loss {
  /** The check that found it. */
  check: string;
  /** For the log. */
  reason: string;
}

/** The mark of each check at the last check without a loss, by the check's name. */
export type Marks = Record<string, string | null>;

/** Marks by connector, kept in Kafka so that a restarted registrar finds them. */
export interface KeptMarks {
  read(name: string): Marks | undefined;
  /** @throws ShopError */
  write(name: string, marks: Marks): Promise<void>;
}

export interface SourceWatchPlan {
  database: CaptureDatabase;
  /** The state of the topic that a connector writes; undefined when it is not the shop's topic. */
  readTopic(definition: ConnectorDefinition): Promise<CaptureState | undefined>;
  marks: KeptMarks;
  /** Whether the connector has committed an offset. It creates its slot before. */
  hasOffsets(name: string): Promise<boolean>;
}

export interface SourceWatch {
  /**
   * @returns what was lost since the last check, if anything was
   * @throws ShopError while the connector has not created its slot, or the table or a captured column is missing
   */
  check(definition: ConnectorDefinition): Promise<Loss | undefined>;
  /** Repairs table and publication. @throws ShopError, also while a captured column is missing */
  prepare(definition: ConnectorDefinition): Promise<void>;
  /**
   * Drops the slot and notes the current marks. Call this while the connector is stopped, before its new snapshot.
   *
   * @throws ShopError
   */
  startOver(definition: ConnectorDefinition): Promise<void>;
}

/** Watches what a connector reads in Postgres and writes in Kafka. Connect reports RUNNING also while all of that is missing. */
export function createSourceWatch({ database, readTopic, marks, hasOffsets }: SourceWatchPlan): SourceWatch {
  async function read(definition: ConnectorDefinition, names: CaptureNames): Promise<CaptureStates> {
    const states = await database.read(names);
    const topic = await readTopic(definition);
    return topic ? { ...states, topic } : states;
  }

  return {
    async check(definition) {
      const { name } = definition;
      const names = readNames(definition);
      if (!names) return undefined;
      let now = await read(definition, names);
      let starts = false;
      if (now['slot']?.mark == null) {
        // A connector that starts creates its slot before its first offset, and may have created both since the read.
        starts = !(await hasOffsets(name));
        if (!starts) now = await read(definition, names);
      }
      const known = marks.read(name);
      // A connector created without a captured column took its snapshot without it. When the column is added, its mark differs.
      if (now['table']?.mark != null && now['columns']?.right === false && known?.['columns'] == null)
        await marks.write(name, { ...known, columns: now['columns'].mark });
      requireTable(name, names, now);
      for (const check of captureChecks) {
        if (check.name === 'slot' && starts) continue;
        const state = now[check.name];
        if (state && isLost(check, known?.[check.name], state)) return { check: check.name, reason: check.loss };
      }
      if (starts)
        throw new ShopError('slot_missing', `${name}: it has no replication slot ${names.slot} yet`, {
          canRetry: true,
        });
      const seen = toMarks(now);
      if (!isSame(known, seen)) await marks.write(name, seen);
      return undefined;
    },

    async prepare(definition) {
      const names = readNames(definition);
      if (!names) return;
      await database.prepare();
      requireTable(definition.name, names, await database.read(names));
    },

    async startOver(definition) {
      const names = readNames(definition);
      if (!names) return;
      await database.dropSlot(names.slot);
      await marks.write(definition.name, toMarks(await read(definition, names)));
    },
  };
}

/** A snapshot of a table without a captured column would take that column away from every customer in Kafka. */
function requireTable(name: string, { table, columns }: CaptureNames, now: CaptureStates): void {
  if (now['table']?.mark == null)
    throw new ShopError('table_missing', `${name}: Postgres has no table ${table}; restart postgres_start`, {
      canRetry: true,
    });
  if (now['columns']?.right) return;
  const there = (now['columns']?.mark ?? '').split(' ').map((mark) => mark.split('/')[0]);
  const missing = columns.filter((column) => !there.includes(column)).join(', ');
  throw new ShopError(
    'column_missing',
    `${name}: the table ${table} has no column ${missing}, which is captured; add it, or rename it back`,
    { canRetry: true },
  );
}

function readNames({ config }: ConnectorDefinition): CaptureNames | undefined {
  const {
    'slot.name': slot,
    'publication.name': publication = 'dbz_publication',
    'table.include.list': table = 'public.customers',
    'column.include.list': columns = '',
  } = config;
  return slot === undefined ? undefined : { slot, publication, table, columns: readColumns(columns) };
}

/** The names in `schema\\.table\\.(one|other)`; none of an expression of another form. */
const readColumns = (pattern: string): string[] => /\(([\w|]+)\)$/.exec(pattern)?.[1]?.split('|') ?? [];

function isLost({ isAnother = differs }: CaptureCheck, before: string | null | undefined, now: CaptureState): boolean {
  return !now.right || (before != null && isAnother(before, now.mark));
}

const differs = (before: string, now: string | null) => before !== now;

const toMarks = (states: CaptureStates): Marks =>
  Object.fromEntries(captureChecks.map(({ name }) => [name, states[name]?.mark ?? null]));

const isSame = (known: Marks | undefined, seen: Marks) =>
  known !== undefined && captureChecks.every(({ name }) => known[name] === seen[name]);
