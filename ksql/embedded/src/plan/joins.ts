import { KsqlError, notSupported } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { nullOnError } from '../expressions/compiled.ts';
import { type Scope, scopeOf } from '../expressions/scope.ts';
import { keyPartition } from '../kafka/key-partition.ts';
import { combine, joinStreamWithTable, joinTables, type SupportedJoin } from '../operators/join.ts';
import { tableSource } from '../operators/read-source.ts';
import type { Expression, Join } from '../parser/ast.ts';
import { formatExpression } from '../parser/format-expression.ts';
import { keyFormat } from '../serde/format.ts';
import { keyCodec } from '../state/key-id.ts';
import { formatType, sameType } from '../types/sql-type.ts';
import { type AliasedSource, expressionKey } from './analyse.ts';
import { mapExpression } from './map-expression.ts';
import type { Relation } from './relation.ts';

interface Condition {
  readonly left: Expression;
  readonly right: Expression;
}

/** Joins the relation with another table. */
export function joinRelation(left: Relation, join: Join, right: AliasedSource): Relation {
  const rightScope = scopeOf(right.alias, right.source.schema);
  const scope = [...left.scope, ...rightScope];
  if (left.kind === 'TABLE' && right.source.kind === 'STREAM') {
    throw new KsqlError(
      `Invalid join order: table-stream joins are not supported; only stream-table joins. Got ${left.source.name} ${joinText(join)} ${right.source.name}.`,
    );
  }
  if (right.source.kind === 'STREAM') throw notSupported('stream-stream joins');
  if (join.within) throw new KsqlError('A window definition was provided for a join without two streams.');
  if (join.kind === 'RIGHT OUTER' || join.kind === 'FULL OUTER') throw notSupported(`${join.kind} JOIN`);
  const condition = readCondition(join.on, left.scope, rightScope, scope);
  checkKeys(condition, left, right, scope);
  if (left.partitions !== right.source.partitions) {
    throw new KsqlError(
      `Can't join \`${left.source.name}\` with \`${right.source.name}\` since the number of partitions don't match. \`${left.source.name}\` partitions = ${left.partitions}; \`${right.source.name}\` partitions = ${right.source.partitions}. Please repartition either one so that the number of partitions match.`,
    );
  }
  const parts = { scope, condition, kind: join.kind, right };
  return left.kind === 'STREAM' ? streamTable(left, parts) : tableTable(left, parts);
}

interface Parts {
  readonly scope: Scope;
  readonly condition: Condition;
  readonly kind: SupportedJoin;
  readonly right: AliasedSource;
}

const joinText = (join: Join): string =>
  join.kind === 'INNER' ? '[INNER] JOIN' : join.kind === 'LEFT OUTER' ? 'LEFT [OUTER] JOIN' : `${join.kind} JOIN`;

/** Splits `a = b` into the expressions of the left relation and of the right table. */
function readCondition(on: Expression, leftScope: Scope, rightScope: Scope, scope: Scope): Condition {
  if (on.kind !== 'comparison' || on.operator !== '=') {
    throw new KsqlError(
      `Unsupported join expression: ${formatExpression(on)}. Only equality joins (=) on one expression of each side are supported.`,
    );
  }
  const sideOf = (expression: Expression): 'left' | 'right' | 'none' | 'both' => {
    let [inLeft, inRight] = [false, false];
    mapExpression(expression, (part) => {
      if (part.kind !== 'column') return undefined;
      compile(part, { scope, clause: 'JOIN ON' });
      const owned = (side: Scope): boolean =>
        side.some(
          (column) => column.name === part.name && (part.source === undefined || column.source === part.source),
        );
      if (owned(leftScope)) inLeft = true;
      else if (owned(rightScope)) inRight = true;
      return undefined;
    });
    return inLeft && inRight ? 'both' : inLeft ? 'left' : inRight ? 'right' : 'none';
  };
  const sides = [sideOf(on.left), sideOf(on.right)];
  if (sides[0] === 'left' && sides[1] === 'right') return { left: on.left, right: on.right };
  if (sides[0] === 'right' && sides[1] === 'left') return { left: on.right, right: on.left };
  throw new KsqlError(
    `Invalid comparison expression '${formatExpression(on)}' in join. Each side of the join must reference exactly one source and not the same source.`,
  );
}

const bare = (expression: Expression): string => formatExpression(expression);

function checkKeys(
  { left: leftSide, right: rightSide }: Condition,
  left: Relation,
  right: AliasedSource,
  scope: Scope,
): void {
  const [keyColumn, second] = right.source.schema.key;
  const onKey = rightSide.kind === 'column' && rightSide.name === keyColumn?.name && second === undefined;
  if (!onKey && left.kind === 'STREAM') {
    throw new KsqlError(
      `Invalid join condition: stream-table joins require to join on the table's primary key. Got ${bare(leftSide)} = ${bare(rightSide)}.`,
    );
  }
  if (!onKey)
    throw new KsqlError(
      `Invalid join condition: table-table joins require to join on the primary key of the right input table. Got ${bare(leftSide)} = ${bare(rightSide)}.`,
    );
  if (left.kind === 'TABLE' && !isKeyOf(left, leftSide, scope)) throw notSupported('foreign-key joins of tables');
  const [a, b] = [
    compile(leftSide, { scope, clause: 'JOIN ON' }).type,
    compile(rightSide, { scope, clause: 'JOIN ON' }).type,
  ];
  if (a === null || b === null || !sameType(a, b)) {
    throw new KsqlError(
      `Invalid join condition: types don't match. Got ${bare(leftSide)}{${a === null ? 'NULL' : formatType(a)}} = ${bare(rightSide)}{${b === null ? 'NULL' : formatType(b)}}.`,
    );
  }
}

/** Adds the right side to the key's equal expressions. A join by another column replaces the key. */
function joinedKeys({ condition, scope }: Parts, left: Relation): Relation['keys'] {
  const moved = !isKeyOf(left, condition.left, scope);
  const known = moved ? [condition.left] : (left.keys[0]?.equals ?? []);
  return [{ equals: [...known, condition.right] }];
}

function isKeyOf({ keys }: Relation, expression: Expression, scope: Scope): boolean {
  const identity = expressionKey(expression, scope);
  return keys.length === 1 && keys[0]?.equals.some((key) => expressionKey(key, scope) === identity) === true;
}

function tableTable(left: Relation & { kind: 'TABLE' }, parts: Parts): Relation {
  const { scope, kind, right } = parts;
  const rows = combine(left.scope.length, scope.length - left.scope.length);
  return {
    kind: 'TABLE',
    scope,
    source: left.source,
    partitions: left.partitions,
    keys: joinedKeys(parts, left),
    build(runtime, next) {
      const stores = {
        left: runtime.store(`join-left-of-${right.source.name}`, left.partitions),
        right: runtime.store(`join-${right.source.name}`, right.source.partitions),
      };
      const steps = joinTables(kind, stores, rows, next);
      // The result's ROWTIME can come from either side, so it does not show the order of the left side's records.
      const { timeOf: _, ...rest } = runtime;
      left.build(rest, steps.left, false);
      runtime.receive(right.source.topic, 'TABLE', tableSource(right.source, {}, runtime.onUnreadable, steps.right));
    },
  };
}

function streamTable(left: Relation & { kind: 'STREAM' }, parts: Parts): Relation {
  const { scope, kind, right, condition } = parts;
  const key = nullOnError(compile(condition.left, { scope: left.scope, clause: 'JOIN ON' }));
  const isKey = isKeyOf(left, condition.left, scope);
  const format = keyFormat(right.source.keyFormat, right.source.schema.key);
  return {
    kind: 'STREAM',
    scope,
    source: left.source,
    partitions: left.partitions,
    keys: joinedKeys(parts, left),
    build(runtime, next) {
      const steps = joinStreamWithTable(
        {
          kind,
          key,
          store: runtime.store(`join-${right.source.name}`, right.source.partitions),
          codec: keyCodec(right.source.schema.key),
          // ksqlDB does not repartition a stream by its own key, even if its producer used another partitioner.
          partitionOf: (value, event) =>
            isKey ? event.partition : keyPartition(format, [value], right.source.partitions),
          rows: combine(left.scope.length, scope.length - left.scope.length),
        },
        next,
      );
      left.build(runtime, steps.left);
      runtime.receive(right.source.topic, 'TABLE', tableSource(right.source, {}, runtime.onUnreadable, steps.right));
    },
  };
}
