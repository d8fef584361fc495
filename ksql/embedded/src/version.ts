import { readFileSync } from 'node:fs';

/** The ksqlDB release that this server imitates. */
export const ksqldbVersion = '7.9.0';

/** The version that /info reports. */
export const serverVersion = `${ksqldbVersion}-embedded`;

/** The release of this package. */
export function readPackageVersion(): string {
  // package.json is next to src in the repository, and next to dist in the package.
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return version;
}
