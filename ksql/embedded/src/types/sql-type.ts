/** ksqlDB's column types. value.ts describes their values. */
export type SimpleBase =
  | 'BOOLEAN'
  | 'INTEGER'
  | 'BIGINT'
  | 'DOUBLE'
  | 'STRING'
  | 'BYTES'
  | 'TIMESTAMP'
  | 'DATE'
  | 'TIME';

export interface Field {
  readonly name: string;
  readonly type: SqlType;
}

export type SqlType =
  | { readonly base: SimpleBase }
  | { readonly base: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly base: 'ARRAY'; readonly element: SqlType }
  | { readonly base: 'MAP'; readonly key: SqlType; readonly value: SqlType }
  | { readonly base: 'STRUCT'; readonly fields: readonly Field[] };

const simple = <Base extends SimpleBase>(base: Base): { readonly base: Base } => ({ base });
export const BOOLEAN = simple('BOOLEAN');
export const INTEGER = simple('INTEGER');
export const BIGINT = simple('BIGINT');
export const DOUBLE = simple('DOUBLE');
export const STRING = simple('STRING');

/** The simple types by their names in statements. */
export const typeNames: ReadonlyMap<string, SimpleBase> = new Map<string, SimpleBase>([
  ['BOOLEAN', 'BOOLEAN'],
  ['BOOL', 'BOOLEAN'],
  ['INTEGER', 'INTEGER'],
  ['INT', 'INTEGER'],
  ['BIGINT', 'BIGINT'],
  ['DOUBLE', 'DOUBLE'],
  ['STRING', 'STRING'],
  ['VARCHAR', 'STRING'],
  ['BYTES', 'BYTES'],
  ['TIMESTAMP', 'TIMESTAMP'],
  ['DATE', 'DATE'],
  ['TIME', 'TIME'],
]);

/** Formats a type as ksqlDB does; `quote` formats the names of struct fields (answers quote all of them). */
export function formatType(type: SqlType, quote: (name: string) => string = (name) => `\`${name}\``): string {
  switch (type.base) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'ARRAY':
      return `ARRAY<${formatType(type.element, quote)}>`;
    case 'MAP':
      return `MAP<${formatType(type.key, quote)}, ${formatType(type.value, quote)}>`;
    case 'STRUCT':
      if (type.fields.length === 0) return 'STRUCT< >';
      return `STRUCT<${type.fields.map((field) => `${quote(field.name)} ${formatType(field.type, quote)}`).join(', ')}>`;
    default:
      return type.base;
  }
}

export function sameType(left: SqlType, right: SqlType): boolean {
  return left === right || formatType(left) === formatType(right);
}

type Decimal = Extract<SqlType, { base: 'DECIMAL' }>;

/** Converts a numeric type to a decimal; undefined for DOUBLE and other types. */
function asDecimal(type: SqlType): Decimal | undefined {
  if (type.base === 'INTEGER') return { base: 'DECIMAL', precision: 10, scale: 0 };
  if (type.base === 'BIGINT') return { base: 'DECIMAL', precision: 19, scale: 0 };
  return type.base === 'DECIMAL' ? type : undefined;
}

/** The narrowest numeric type that holds the values of both. */
export function wider(left: SqlType, right: SqlType): SqlType {
  if (left.base !== 'DECIMAL' && right.base !== 'DECIMAL') {
    const widths = ['INTEGER', 'BIGINT', 'DOUBLE'];
    return widths.indexOf(left.base) < widths.indexOf(right.base) ? right : left;
  }
  const [a, b] = [asDecimal(left), asDecimal(right)];
  if (a === undefined || b === undefined) return DOUBLE;
  const scale = Math.max(a.scale, b.scale);
  return { base: 'DECIMAL', precision: Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale };
}

export const isNumeric = (type: SqlType): boolean =>
  type.base === 'INTEGER' || type.base === 'BIGINT' || type.base === 'DOUBLE' || type.base === 'DECIMAL';

export const isPrimitive = (type: SqlType): boolean =>
  type.base !== 'ARRAY' && type.base !== 'MAP' && type.base !== 'STRUCT';
