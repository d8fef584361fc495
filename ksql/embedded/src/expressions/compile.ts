import { KsqlError, notSupported, unforeseen } from '../errors.ts';
import type { Expression, Literal } from '../parser/ast.ts';
import { formatExpression, quoteName } from '../parser/format-expression.ts';
import { BIGINT, BOOLEAN, DOUBLE, formatType, INTEGER, type SqlType, STRING } from '../types/sql-type.ts';
import { isTime } from '../types/times.ts';
import { mapInJavaOrder } from '../types/value.ts';
import { compileField, compileSubscript } from './access.ts';
import { compileArithmetic, negate } from './arithmetic.ts';
import { compileCase } from './case.ts';
import { compileCast } from './cast.ts';
import { coerceLiteral } from './coerce-literal.ts';
import { coerceParts, type Part } from './coerce-parts.ts';
import { type Compiled, computedApart } from './compiled.ts';
import { compileCall, requireFunction } from './functions/call.ts';
import { compileLogical, compileNot } from './logic.ts';
import { type ComparisonText, checkComparable, compileComparison, compileIn, compileLike } from './predicates.ts';
import { besideRowtime } from './rowtime.ts';
import { resolveColumn, type Scope } from './scope.ts';

/** The columns that an expression may name, and the clause that contains it. */
export interface Context {
  readonly scope: Scope;
  readonly clause: string;
  /** Set in pull queries on tables, where ksqlDB handles nulls differently. */
  readonly isPull?: boolean;
}

/** Formats an expression for error messages, without the columns' sources. */
const plain = (expression: Expression): string => formatExpression(expression, ({ name }) => quoteName(name));

const textOf = (left: Expression, right: Expression, whole: Expression): ComparisonText => ({
  left: plain(left),
  right: plain(right),
  whole: plain(whole),
});

/** Checks an expression's types as ksqlDB does and compiles it to a function of the flat row. */
export function compile(expression: Expression, context: Context): Compiled {
  switch (expression.kind) {
    case 'literal':
      return compileLiteral(expression);
    case 'column': {
      const index = resolveColumn(context.scope, expression, context.clause);
      return { type: context.scope[index]?.type ?? null, evaluate: (row) => row[index] ?? null };
    }
    case 'negative':
      return negate(compile(expression.operand, context));
    case 'arithmetic':
      return compileArithmetic(
        expression.operator,
        compile(expression.left, context),
        compile(expression.right, context),
        { isPull: context.isPull === true, describe: () => plain(expression) },
      );
    case 'comparison': {
      const { operator } = expression;
      const left = besideRowtime(expression.left, expression.right);
      const right = besideRowtime(expression.right, expression.left);
      return compileComparison(operator, compile(left, context), compile(right, context), () =>
        textOf(left, right, expression),
      );
    }
    case 'logical':
      refuseLike([expression.left, expression.right], context);
      return compileLogical(expression.operator, compile(expression.left, context), compile(expression.right, context));
    case 'not':
      refuseLike([expression.operand], context);
      return compileNot(compile(expression.operand, context));
    case 'isNull': {
      const { negated: wanted } = expression;
      const operand = compile(expression.operand, context);
      if (context.isPull !== true && isPrimitive(expression.operand, operand.type))
        throw new KsqlError(`${plain(expression.operand)} is computed by Java as a value that cannot be null`);
      return { type: BOOLEAN, evaluate: (row) => (operand.evaluate(row) === null) !== wanted };
    }
    case 'in':
      return compileIn(compile(expression.operand, context), compileList(expression, context));
    case 'like': {
      const [operand, pattern] = [compile(expression.operand, context), compile(expression.pattern, context)];
      // A pull query does not check the types: the result is null for each row.
      if (context.isPull !== true) {
        for (const side of [operand, pattern]) checkText(side);
      } else if (!isText(operand) || !isText(pattern)) return { type: BOOLEAN, evaluate: () => null };
      return compileLike(operand, pattern, expression.escape);
    }
    case 'between': {
      const [operand, low, high] = [
        compile(expression.operand, context),
        compile(besideRowtime(expression.low, expression.operand), context),
        compile(besideRowtime(expression.high, expression.operand), context),
      ];
      if (low.type === null || high.type === null)
        throw unforeseen(`Unexpected error generating code for expression: ${plain(expression)}`);
      const from = compileComparison('>=', operand, low, () => textOf(expression.operand, expression.low, expression));
      const to = compileComparison('<=', operand, high, () => textOf(expression.operand, expression.high, expression));
      return { type: BOOLEAN, evaluate: (row) => from.evaluate(row) === true && to.evaluate(row) === true };
    }
    case 'case': {
      const { operand, whens, otherwise } = expression;
      // ksqlDB's grammar accepts an operand, but its code generator does not.
      if (operand !== undefined)
        throw unforeseen('CASE with an operand is not supported: write CASE WHEN a = b THEN …');
      return compileCase(
        whens.map(({ condition, result }) => ({
          condition: compile(condition, context),
          result: compile(result, context),
        })),
        otherwise && compile(otherwise, context),
        plain(expression),
      );
    }
    case 'cast':
      return apart(compileCast(compile(expression.operand, context), expression.type, context.isPull), context);
    case 'call':
      requireFunction(expression.name);
      return compileCall(
        expression.name,
        expression.args.map((arg) => {
          const compiled = compile(arg, context);
          return arg.kind === 'call' || arg.kind === 'field' ? apart(compiled, context) : compiled;
        }),
        { converted: (arg) => apart(arg, context), isPull: context.isPull === true },
      );
    case 'field':
      return compileField(compile(expression.base, context), expression.name, plain(expression.base));
    case 'subscript':
      return compileSubscript(
        compile(expression.base, context),
        compile(expression.index, context),
        context.isPull === true,
      );
    case 'struct': {
      const fields = expression.fields.map(({ name, value }) => ({ name, value: part(value, context) }));
      const twice = fields.filter(({ name }, i) => fields.findIndex((other) => other.name === name) !== i);
      const [again] = twice;
      if (again !== undefined) throw unforeseen(`Duplicate field names found in STRUCT: '\`${again.name}\`'`);
      return {
        type: { base: 'STRUCT', fields: fields.map(({ name, value }) => ({ name, type: typeOf(value) })) },
        constant: fields.every(({ value }) => value.constant === true),
        evaluate: (row) => Object.fromEntries(fields.map(({ name, value }) => [name, value.evaluate(row)])),
      };
    }
    case 'array': {
      const { parts, type: element } = coerceParts(compileParts(expression.elements, context), 'array');
      return { type: { base: 'ARRAY', element }, evaluate: (row) => parts.map((each) => each.evaluate(row)) };
    }
    case 'map': {
      const written = expression.entries.map(([key]) => plain(key));
      const twice = written.find((key, i) => written.indexOf(key) !== i);
      if (twice !== undefined)
        throw new KsqlError(`Failed to prepare statement: Multiple entries with same key: ${twice}`);
      const keys = coerceParts(
        compileParts(
          expression.entries.map(([key]) => key),
          context,
        ),
        'map',
      );
      const values = coerceParts(
        compileParts(
          expression.entries.map(([, value]) => value),
          context,
        ),
        'map',
      );
      return {
        type: { base: 'MAP', key: keys.type, value: values.type },
        evaluate: (row) =>
          mapInJavaOrder(
            keys.parts.map((key, i) => [String(key.evaluate(row)), values.parts[i]?.evaluate(row) ?? null]),
            keys.parts.length,
          ),
      };
    }
  }
}

/** A part that ksqlDB evaluates separately (see `computedApart`), except in pull queries on tables. */
const apart = (compiled: Compiled, { isPull }: Context): Compiled =>
  isPull === true ? compiled : computedApart(compiled);
const part = (expression: Expression, context: Context): Compiled => apart(compile(expression, context), context);
const compileParts = (expressions: readonly Expression[], context: Context): Part[] =>
  expressions.map((expression) => ({ expression, compiled: part(expression, context) }));

/** Refuses LIKE as an operand in pull queries, which treat its result as text. */
function refuseLike(operands: readonly Expression[], { isPull }: Context): void {
  if (isPull !== true) return;
  const like = operands.find(({ kind }) => kind === 'like');
  if (like) throw new KsqlError(`Unexpected error generating code for expression: ${plain(like)}`);
}

const primitiveKinds = new Set([
  'negative',
  'arithmetic',
  'comparison',
  'logical',
  'not',
  'isNull',
  'in',
  'like',
  'between',
  'literal',
]);

/** Whether ksqlDB's generated Java uses an int, long, double or boolean, which cannot be null. */
const isPrimitive = ({ kind }: Expression, type: SqlType | null): boolean =>
  primitiveKinds.has(kind) && type !== null && type.base !== 'DECIMAL' && type.base !== 'STRING';

const isText = ({ type }: Compiled): boolean => type === null || type.base === 'STRING';

function checkText(compiled: Compiled): void {
  if (compiled.type === null || isText(compiled)) return;
  throw new KsqlError(`Like condition must be between strings, got ${formatType(compiled.type)}`);
}

function typeOf(compiled: Compiled): SqlType {
  if (compiled.type === null) throw unforeseen('Cannot infer the type of NULL here; use CAST(NULL AS …).');
  return compiled.type;
}

function compileLiteral(literal: Literal): Compiled {
  const { value } = literal;
  switch (literal.type) {
    case 'NULL':
      return { type: null, constant: true, evaluate: () => null };
    case 'DECIMAL': {
      const digits = literal.value.replace(/[-.]/g, '').replace(/^0+(?=\d)/, '');
      const scale = literal.value.split('.')[1]?.length ?? 0;
      const number = Number(literal.value);
      return {
        type: { base: 'DECIMAL', precision: Math.abs(number) < 1 ? scale + 1 : digits.length, scale },
        constant: true,
        evaluate: () => number,
      };
    }
    default: {
      const types = { BOOLEAN, INTEGER, BIGINT, DOUBLE, STRING };
      return { type: types[literal.type], constant: true, evaluate: () => value };
    }
  }
}

/** Checks the literals of an IN list once per type, because lists can be long. */
function compileList(expression: Extract<Expression, { kind: 'in' }>, context: Context): Compiled[] {
  const operand = compile(expression.operand, context);
  if (expression.list.every((element) => element.kind === 'literal' && element.type === 'NULL'))
    throw unforeseen('IN statement requires at least one value.');
  // In the WHERE of a pull query on a table, ksqlDB turns IN into comparisons, which convert no literal.
  const isCondition = context.isPull === true && context.clause === 'WHERE';
  const checked = new Set<string>();
  return expression.list.map((given) => {
    const element = given.kind === 'literal' && !isCondition ? coerceLiteral(given, operand.type) : given;
    const compiled = compile(element, context);
    const known = element.kind === 'literal' ? element.type : '';
    if (operand.type !== null && isTime(operand.type)) throw notSupported(`IN lists of ${operand.type.base}`);
    if (checked.has(known) || ((operand.type === null || compiled.type === null) && !isCondition)) return compiled;
    if (known !== '' && known !== 'DECIMAL') checked.add(known);
    checkComparable('=', operand.type, compiled.type, () =>
      textOf(expression.operand, element, { ...expression, list: [element] }),
    );
    return compiled;
  });
}
