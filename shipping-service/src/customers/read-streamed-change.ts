import { customerChange, readJson, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import type { StreamedChange } from './pipeline-clock.ts';

const sourced = customerChange.extend({ source: z.looseObject({ connector: z.string(), ts_ms: z.number() }) });

/**
 * Reads a change that arrived in the order in which Postgres committed it. Snapshot rows and the deletions that the
 * registrar reports after a loss do not keep that order: both return `undefined`, as does a message that is no change.
 */
export function readStreamedChange(value: Buffer | null): StreamedChange | undefined {
  if (value === null) return undefined;
  try {
    const { op, before, after, source, ts_ms } = readJson(value, sourced);
    const customerId = after?.id ?? before?.id;
    if (op === 'r' || source.connector !== 'postgresql' || customerId === undefined) return undefined;
    return { customerId, committedAt: source.ts_ms, handledAt: ts_ms };
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}
