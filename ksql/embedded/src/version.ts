import { readFileSync } from 'node:fs';

/** The ksqlDB release whose answers this server gives. */
export const ksqldbVersion = '7.9.0';

/** What /info tells. */
export const serverVersion = `${ksqldbVersion}-embedded`;

/** The release of this package. */
export function readPackageVersion(): string {
  // Beside src in the repository, beside dist in the package.
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return version;
}
