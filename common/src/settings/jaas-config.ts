export interface JaasLogin {
  loginModule: string;
  username: string;
  password: string;
}

/**
 * Reads Java's `sasl.jaas.config`: `org.apache.kafka….PlainLoginModule required username="…" password="…";`
 *
 * @returns `undefined` when the text is not of that form; the caller reports that without showing it
 */
export function readJaasConfig(text: string): JaasLogin | undefined {
  // Copied out of JSON, YAML or a shell without the quotes around it: every quote inside is escaped.
  if (/\b(username|password)\s*=\s*\\"/.test(text)) return readJaasConfig(text.replaceAll(/\\(["\\])/g, '$1'));
  const [, loginModule, options] =
    /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\s+(.*?);?\s*$/s.exec(text) ?? [];
  if (loginModule === undefined || options === undefined) return undefined;
  const username = readOption(options, 'username');
  const password = readOption(options, 'password');
  return username && password ? { loginModule, username, password } : undefined;
}

function readOption(options: string, name: string): string | undefined {
  const [, quoted, single, bare] =
    new RegExp(`\\b${name}\\s*=\\s*(?:"((?:\\\\.|[^"\\\\])*)"|'((?:\\\\.|[^'\\\\])*)'|([^\\s;]+))`).exec(options) ?? [];
  return (quoted ?? single)?.replaceAll(/\\(.)/g, '$1') ?? bare;
}
