import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SettingError } from '@shop/common';
import { z } from 'zod';

/** A connector as one JSON file describes it. */
export interface ConnectorDefinition {
  /** For messages: `connect/debezium_source_conn/customers.json`. */
  file: string;
  name: string;
  /** As Connect keeps it: texts only, the name among them. */
  config: Record<string, string>;
}

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const config = z.record(z.string(), value).refine((fields) => 'connector.class' in fields, {
  error: 'connector.class is missing',
});
/** What `POST /connectors` takes, or only its `config`, which `PUT /connectors/NAME/config` takes. */
const description = z.union([
  z.strictObject({ name: z.string().min(1), config }),
  config.transform((fields) => ({ name: fields['name'], config: fields })),
]);

/**
 * Reads all *.json files of a folder. A file without a name in it is named by its own.
 *
 * @throws SettingError naming the file
 */
export function readConnectors(dir: string): ConnectorDefinition[] {
  const folder = `connect/${path.basename(dir)}`;
  const files = readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .sort();
  const definitions = files.map((file) => readConnector(path.join(dir, file), `${folder}/${file}`));
  const [first] = definitions;
  if (!first)
    throw new SettingError({ file: folder, key: '*.json', expected: 'files with the parameters of connectors' });
  for (const [index, { name, file }] of definitions.entries())
    if (definitions.findIndex((other) => other.name === name) < index)
      throw new SettingError({ file, key: 'name', found: name, expected: 'a name that no other file gives' });
  return definitions;
}

function readConnector(location: string, file: string): ConnectorDefinition {
  const expected = '{"name": "…", "config": {"connector.class": "…", …}} with texts, numbers and booleans';
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(location, 'utf8'));
  } catch (cause) {
    // The parser's message quotes the text, which may hold a password.
    throw new SettingError({ file, key: '(the file)', found: '(no JSON)', expected }, { cause });
  }
  const checked = description.safeParse(parsed);
  if (!checked.success) {
    const inConfig = typeof parsed === 'object' && parsed !== null && 'config' in parsed;
    throw new SettingError(
      { file, key: inConfig ? 'config' : '(the file)', found: '(another form)', expected },
      { cause: checked.error },
    );
  }
  const name = checked.data.name ?? path.basename(file, '.json');
  return { file, name, config: { ...checked.data.config, name } };
}
