import assert from 'node:assert/strict';
import { createCatalogue } from '../../src/catalogue/catalogue.ts';
import type { RunningQuery } from '../../src/engine/running-query.ts';
import { internalNames } from '../../src/kafka/names.ts';
import { applyCommand } from '../../src/statements/apply.ts';

/** Applies the statements without Kafka, on topics with `partitions` partitions, and returns the last one's query. */
export function startQuery(statements: readonly string[], partitions: number): RunningQuery {
  const context = {
    catalogue: createCatalogue(),
    names: internalNames('test'),
    onUnreadable: (_: unknown, __: unknown, error: Error) => assert.fail(error),
  };
  let query: RunningQuery | null = null;
  for (const [sequence, text] of statements.entries()) {
    const queryId = text === statements.at(-1) ? 'Q' : null;
    const command = { sequence, text, partitions, queryId, starts: {}, commandId: '', message: '' };
    ({ started: query } = applyCommand(command, context));
  }
  return query ?? assert.fail('no query');
}
