import { KsqlError, mistyped, unforeseen } from '../errors.ts';
import { formatType } from '../types/sql-type.ts';
import { isObject } from '../types/value.ts';
import { type Compiled, known } from './compiled.ts';

/** A field of a struct. */
export function compileField(base: Compiled, name: string, text: string): Compiled {
  if (base.type?.base !== 'STRUCT')
    throw unforeseen(`Expected STRUCT type, got: ${base.type === null ? 'NULL' : formatType(base.type)}`);
  const field = base.type.fields.find((each) => each.name === name);
  if (field === undefined) throw mistyped(`Could not find field '${name}' in '${text}'.`);
  return {
    type: field.type,
    evaluate(row) {
      const struct = base.evaluate(row);
      return struct !== null && isObject(struct) ? (struct[name] ?? null) : null;
    },
  };
}

/** An entry of an array or a map. Array positions start at 1; negative ones count from the end. */
export function compileSubscript(base: Compiled, index: Compiled, isPull: boolean): Compiled {
  const { type } = base;
  if (type?.base !== 'ARRAY' && type?.base !== 'MAP')
    throw unforeseen(`Subscript expression is only supported on ARRAY and MAP, got ${type?.base ?? 'NULL'}`);
  const isPlace = index.type?.base === 'INTEGER' || index.type?.base === 'BIGINT';
  if (type.base === 'ARRAY' && !isPlace) {
    if (!isPull)
      throw new KsqlError(`Invalid Select: an ARRAY is accessed by INTEGER, not by ${index.type?.base ?? 'NULL'}`);
    return { type: type.element, evaluate: () => null };
  }
  return {
    type: type.base === 'MAP' ? type.value : type.element,
    evaluate(row) {
      const from = base.evaluate(row);
      const at = index.evaluate(row);
      if (from === null) return isPull ? known(from) : null;
      if (!Array.isArray(from)) return isObject(from) && at !== null ? (from[String(at)] ?? null) : null;
      const place = Number(known(at));
      return from[place >= 0 ? place - 1 : from.length + place] ?? null;
    },
  };
}
