/**
 * Forms of the same settings that other programs use. They are refused with the name that counts here.
 */

export interface Explanation {
  found: string;
  expected: string;
}

/** Confluent's downloaded api-key-….txt: a heading, then each value on the line below its name. */
const keyFileLine = /^\s*(=+\s.*=+|(API key|API secret|Bootstrap server|Resource):)\s*$/i;

/** What to do about a line that is no setting, when the file that it was copied from is known. */
export function explainForeignLine(line: string, file: string): Explanation | undefined {
  if (keyFileLine.test(line)) {
    const [user, secret] = file.endsWith('ksqldb.config')
      ? ['KSQLDB_API_KEY', 'KSQLDB_API_SECRET']
      : ['sasl.username', 'sasl.password'];
    return {
      found: '(the text of a downloaded API key)',
      expected: `${user}=(the value below "API key") and ${secret}=(the value below "API secret")`,
    };
  }
  if (/^\s*[{}\]]/.test(line)) return { found: '(JSON)', expected: 'KEY=VALUE, one setting a line' };
  return undefined;
}

/** Keys of the Python demo that this shop grew out of. */
const originalDemo: Readonly<Record<string, string>> = {
  'ksql.endpoint': 'KSQLDB_ENDPOINT',
  'ksql.auth.api.key': 'KSQLDB_API_KEY',
  'ksql.auth.secret': 'KSQLDB_API_SECRET',
};

/** The files of the shop's own keys, by their beginning. */
const ownFiles: [beginning: RegExp, file: string][] = [
  [/^KSQLDB_/, 'config/ksqldb.config'],
  [/^(POSTGRES|SHOP|DEBEZIUM|AUDIT)_/, 'config/postgres.config'],
];

/** Our name of a key that another program uses, or the file of a key that belongs in another one, or nothing. */
export function findOurKey(key: string, known: readonly string[]): string | undefined {
  const [beginning, file] = ownFiles.find(([pattern]) => pattern.test(key)) ?? [];
  if (beginning && !known.some((name) => beginning.test(name))) return `${key} in ${file}`;
  const renamed = originalDemo[key];
  if (renamed !== undefined) return known.includes(renamed) ? renamed : `${renamed} in config/ksqldb.config`;
  const [, rest] = /^spring\.kafka\.(?:properties\.)?(.+)$/.exec(key) ?? [];
  const plain = rest?.replaceAll('-', '.');
  return plain !== undefined && known.includes(plain) ? plain : undefined;
}

/** `{{ CLUSTER_API_KEY }}`, `<API key>`, `[API Key]`: text that a template leaves for the user to replace. */
export function isPlaceholder(value: string): boolean {
  return /\{\{.*\}\}/s.test(value) || /^(<[^<>]+>|\[[a-z][\w .-]*\]|\$\{[\w.-]+\})$/i.test(value.trim());
}
