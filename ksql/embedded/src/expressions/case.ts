import { mistyped, unforeseen } from '../errors.ts';
import { formatType, sameType } from '../types/sql-type.ts';
import { type Compiled, known } from './compiled.ts';

interface When {
  readonly condition: Compiled;
  readonly result: Compiled;
}

/** CASE WHEN: a null condition makes the whole expression null. */
export function compileCase(whens: readonly When[], otherwise: Compiled | undefined, text: string): Compiled {
  for (const { condition } of whens) {
    if (condition.type?.base !== 'BOOLEAN')
      throw (condition.type === null ? unforeseen : mistyped)(
        `WHEN operand type should be boolean.\nType for '${text}' is ${condition.type?.base ?? 'NULL'}`,
      );
  }
  const results = [...whens.map(({ result }) => result), ...(otherwise === undefined ? [] : [otherwise])];
  const types = results.flatMap(({ type }) => (type === null ? [] : [type]));
  const [type] = types;
  if (type === undefined || types.some((other) => !sameType(type, other))) {
    throw mistyped(
      `Invalid Case expression. Type for the default clause should be the same as for 'THEN' clauses. Types found: ${types.map((each) => formatType(each)).join(', ')}.`,
    );
  }
  return {
    type,
    evaluate(row) {
      const when = whens.find(({ condition }) => known(condition.evaluate(row)) === true);
      return when === undefined ? (otherwise?.evaluate(row) ?? null) : when.result.evaluate(row);
    },
  };
}
