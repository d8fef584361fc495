import { describeStatement, isDescribing } from '../catalogue/describe.ts';
import { KsqlError } from '../errors.ts';
import { parseStatements } from '../parser/parse.ts';
import { type Entity, execute, explained, rehearse } from '../statements/execute.ts';
import type { ServerState } from '../statements/server-state.ts';
import { offsetReset } from '../statements/starts.ts';
import type { ValueObject } from '../types/value.ts';
import { checkPropertyNames } from './property-names.ts';
import { propertiesField, textField, withVariables } from './request.ts';

/** POST /ksql: executes the statements in order and returns the result of each. */
export async function answerKsql(state: ServerState, body: ValueObject): Promise<Entity[]> {
  const sql = withVariables(textField(body, 'ksql'), body) ?? '';
  const properties: Record<string, unknown> = { ...propertiesField(body, 'streamsProperties') };
  checkPropertyNames(properties);
  offsetReset(properties);
  const statements = parseStatements(sql);
  for (const { statement, text } of statements) {
    if (statement.kind === 'select' || statement.kind === 'print') {
      throw new KsqlError(
        "The following statement types should be issued to the websocket endpoint '/query':\n\t* PRINT\n\t* SELECT",
        { code: 40002, statementText: text },
      );
    }
  }
  await rehearse(state, statements, properties);
  const entities: Entity[] = [];
  for (const parsed of statements) {
    const { statement } = parsed;
    if (statement.kind === 'setProperty') {
      checkSet(statement.name, parsed.text);
      properties[statement.name] = statement.value;
      offsetReset(properties);
    } else if (statement.kind === 'unsetProperty') {
      checkSet(statement.name, parsed.text);
      delete properties[statement.name];
    } else {
      const entity = await explained(parsed, async () =>
        isDescribing(statement) ? describeStatement(state, statement, parsed.text) : execute(state, parsed, properties),
      );
      if (entity !== null) entities.push(entity);
    }
  }
  return entities;
}

/** Converts the 500 of an unknown property to a statement error, as ksqlDB does for SET. */
function checkSet(name: string, text: string): void {
  try {
    checkPropertyNames({ [name]: '' });
  } catch (error) {
    throw error instanceof KsqlError ? new KsqlError(error.message, { statementText: text, cause: error }) : error;
  }
}
