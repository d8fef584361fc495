import { KsqlError, notSupported } from '../errors.ts';
import type { Expression, Literal } from '../parser/ast.ts';
import { formatExpression, quoteName } from '../parser/format.ts';
import { BIGINT, BOOLEAN, DOUBLE, formatType, INTEGER, type SqlType, STRING, sameType } from '../types/sql-type.ts';
import { isTime } from '../types/times.ts';
import { isObject, type Value } from '../types/value.ts';
import { compileArithmetic, negate } from './arithmetic.ts';
import { compileCast } from './cast.ts';
import type { Compiled } from './compiled.ts';
import { compileCall } from './functions/call.ts';
import { type ComparisonText, checkComparable, compileComparison, compileIn, compileLike } from './predicates.ts';
import { resolveColumn, type Scope } from './scope.ts';

/** What an expression is compiled against: the columns it may name and the clause it stands in. */
export interface Context {
  readonly scope: Scope;
  readonly clause: string;
}

/** Messages name columns without their source, except in joins. */
const plain = (expression: Expression): string => formatExpression(expression, ({ name }) => quoteName(name));

const textOf = (left: Expression, right: Expression, whole: Expression): ComparisonText => ({
  left: plain(left),
  right: plain(right),
  whole: plain(whole),
});

/** Checks the types of an expression as ksqlDB does and turns it into a function of the flat row. */
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
        () => plain(expression),
      );
    case 'comparison': {
      const { operator, left, right } = expression;
      return compileComparison(operator, compile(left, context), compile(right, context), () =>
        textOf(left, right, expression),
      );
    }
    case 'logical': {
      const [left, right] = [
        boolean(compile(expression.left, context), expression.operator),
        boolean(compile(expression.right, context), expression.operator),
      ];
      return expression.operator === 'AND'
        ? { type: BOOLEAN, evaluate: (row) => left.evaluate(row) === true && right.evaluate(row) === true }
        : { type: BOOLEAN, evaluate: (row) => left.evaluate(row) === true || right.evaluate(row) === true };
    }
    case 'not': {
      const operand = boolean(compile(expression.operand, context), 'NOT');
      return { type: BOOLEAN, evaluate: (row) => negated(operand.evaluate(row)) };
    }
    case 'isNull': {
      const { negated: wanted } = expression;
      const operand = compile(expression.operand, context);
      return { type: BOOLEAN, evaluate: (row) => (operand.evaluate(row) === null) !== wanted };
    }
    case 'in':
      return compileIn(compile(expression.operand, context), compileList(expression, context));
    case 'like':
      return compileLike(
        text(compile(expression.operand, context)),
        text(compile(expression.pattern, context)),
        expression.escape,
      );
    case 'between': {
      const [operand, low, high] = [
        compile(expression.operand, context),
        compile(expression.low, context),
        compile(expression.high, context),
      ];
      const from = compileComparison('>=', operand, low, () => textOf(expression.operand, expression.low, expression));
      const to = compileComparison('<=', operand, high, () => textOf(expression.operand, expression.high, expression));
      return { type: BOOLEAN, evaluate: (row) => from.evaluate(row) === true && to.evaluate(row) === true };
    }
    case 'case':
      return compileCase(expression, context);
    case 'cast':
      return compileCast(compile(expression.operand, context), expression.type);
    case 'call':
      return compileCall(
        expression.name,
        expression.args.map((arg) => compile(arg, context)),
      );
    case 'field':
      return compileField(compile(expression.base, context), expression.name, plain(expression.base));
    case 'subscript':
      return compileSubscript(compile(expression.base, context), compile(expression.index, context));
    case 'struct': {
      const fields = expression.fields.map(({ name, value }) => ({ name, value: compile(value, context) }));
      return {
        type: { base: 'STRUCT', fields: fields.map(({ name, value }) => ({ name, type: known(value) })) },
        constant: fields.every(({ value }) => value.constant === true),
        evaluate: (row) => Object.fromEntries(fields.map(({ name, value }) => [name, value.evaluate(row)])),
      };
    }
    case 'array': {
      const elements = expression.elements.map((element) => compile(element, context));
      const element = commonType(elements, 'ARRAY');
      return { type: { base: 'ARRAY', element }, evaluate: (row) => elements.map((each) => each.evaluate(row)) };
    }
    case 'map': {
      const entries = expression.entries.map(
        ([key, value]) => [compile(key, context), compile(value, context)] as const,
      );
      const type: SqlType = {
        base: 'MAP',
        key: commonType(
          entries.map(([key]) => key),
          'MAP',
        ),
        value: commonType(
          entries.map(([, value]) => value),
          'MAP',
        ),
      };
      return {
        type,
        evaluate: (row) =>
          Object.fromEntries(entries.map(([key, value]) => [String(key.evaluate(row)), value.evaluate(row)])),
      };
    }
  }
}

const negated = (value: Value): Value => (value === null ? null : value !== true);

function boolean(compiled: Compiled, operator: string): Compiled {
  if (compiled.type?.base === 'BOOLEAN') return compiled;
  throw new KsqlError(
    `${operator} expects BOOLEAN, got ${compiled.type === null ? 'NULL' : formatType(compiled.type)}`,
  );
}

function text(compiled: Compiled): Compiled {
  if (compiled.type?.base === 'STRING') return compiled;
  throw new KsqlError(
    `Like condition must be between strings, got ${compiled.type === null ? 'NULL' : formatType(compiled.type)}`,
  );
}

function known(compiled: Compiled): SqlType {
  if (compiled.type === null) throw new KsqlError('Cannot infer the type of NULL here; use CAST(NULL AS …).');
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
        type: { base: 'DECIMAL', precision: Math.max(digits.length, scale), scale },
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

/** The one type of all parts that are not NULL; numbers widen. */
export function commonType(parts: readonly Compiled[], where: string): SqlType {
  const types = parts.flatMap(({ type }) => (type === null ? [] : [type]));
  const [first] = types;
  if (first === undefined)
    throw new KsqlError(`Cannot construct ${where === 'CASE' ? 'a CASE' : `an ${where}`} with all NULL elements.`);
  const order = ['INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE'];
  return types.reduce((widest, type) => {
    if (sameType(widest, type)) return widest;
    const [a, b] = [order.indexOf(widest.base), order.indexOf(type.base)];
    if (a === -1 || b === -1 || (a === 2 && b === 2)) {
      throw new KsqlError(`invalid input syntax for type ${formatType(widest)}: ${formatType(type)}.`);
    }
    return a < b ? type : widest;
  }, first);
}

/** Literals of one type are checked once, however many there are. */
function compileList(expression: Extract<Expression, { kind: 'in' }>, context: Context): Compiled[] {
  const operand = compile(expression.operand, context);
  const checked = new Set<string>();
  return expression.list.map((element) => {
    const compiled = compile(element, context);
    const known = element.kind === 'literal' ? element.type : '';
    if (operand.type !== null && isTime(operand.type)) throw notSupported(`IN lists of ${operand.type.base}`);
    if (compiled.type === null || checked.has(known)) return compiled;
    if (known !== '' && known !== 'DECIMAL') checked.add(known);
    checkComparable('=', operand.type, compiled.type, () =>
      textOf(expression.operand, element, { ...expression, list: [element] }),
    );
    return compiled;
  });
}

function compileCase(expression: Extract<Expression, { kind: 'case' }>, context: Context): Compiled {
  const { operand } = expression;
  const whens = expression.whens.map(({ condition, result }) => ({
    condition: compile(
      operand === undefined ? condition : { kind: 'comparison', operator: '=', left: operand, right: condition },
      context,
    ),
    result: compile(result, context),
  }));
  const otherwise = expression.otherwise === undefined ? undefined : compile(expression.otherwise, context);
  for (const { condition } of whens) {
    if (condition.type?.base !== 'BOOLEAN')
      throw new KsqlError(
        `WHEN operand type should be boolean.\nType for '${plain(expression)}' is ${condition.type?.base ?? 'NULL'}`,
      );
  }
  const results = [...whens.map(({ result }) => result), ...(otherwise === undefined ? [] : [otherwise])];
  const types = results.flatMap(({ type }) => (type === null ? [] : [type]));
  const [type] = types;
  if (type === undefined || types.some((other) => !sameType(type, other))) {
    throw new KsqlError(
      `Invalid Case expression. Type for the default clause should be the same as for 'THEN' clauses. Types found: ${types.map((each) => formatType(each)).join(', ')}.`,
    );
  }
  return {
    type,
    evaluate(row) {
      const when = whens.find(({ condition }) => condition.evaluate(row) === true);
      return when === undefined ? (otherwise?.evaluate(row) ?? null) : when.result.evaluate(row);
    },
  };
}

function compileField(base: Compiled, name: string, text: string): Compiled {
  if (base.type?.base !== 'STRUCT')
    throw new KsqlError(`Expected STRUCT type, got: ${base.type === null ? 'NULL' : formatType(base.type)}`);
  const field = base.type.fields.find((each) => each.name === name);
  if (field === undefined) throw new KsqlError(`Could not find field '${name}' in '${text}'.`);
  return {
    type: field.type,
    evaluate(row) {
      const struct = base.evaluate(row);
      return struct !== null && isObject(struct) ? (struct[name] ?? null) : null;
    },
  };
}

/** Arrays count from 1, from their end with negative numbers. */
function compileSubscript(base: Compiled, index: Compiled): Compiled {
  if (base.type?.base === 'MAP') {
    const { value } = base.type;
    return {
      type: value,
      evaluate(row) {
        const [map, key] = [base.evaluate(row), index.evaluate(row)];
        return map !== null && key !== null && isObject(map) ? (map[String(key)] ?? null) : null;
      },
    };
  }
  if (base.type?.base !== 'ARRAY')
    throw new KsqlError(`Subscript expression is only supported on ARRAY and MAP, got ${base.type?.base ?? 'NULL'}`);
  return {
    type: base.type.element,
    evaluate(row) {
      const [array, at] = [base.evaluate(row), Number(index.evaluate(row))];
      return Array.isArray(array) ? (array[at > 0 ? at - 1 : array.length + at] ?? null) : null;
    },
  };
}
