/**
 * Fills in `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}` and `$$` as docker compose does.
 *
 * @throws when a variable without a default is not set, where compose would only warn
 */
export function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(
    /\$(?:\$|\{(\w+)(?:(:?[-?])([^}]*))?\}|(\w+))/g,
    (match: string, braced?: string, operator?: string, word?: string, bare?: string) => {
      if (match === '$$') return '$';
      const name = braced ?? bare ?? '';
      const value = variables[name];
      const usable = operator?.startsWith(':') ? value : (value ?? undefined);
      if (usable !== undefined && !(operator?.startsWith(':') && usable === '')) return usable;
      if (operator?.endsWith('-')) return word ?? '';
      throw new Error(`docker-compose.yml: ${name} is not set${word ? ` (${word})` : '; it belongs into .env'}`);
    },
  );
}
