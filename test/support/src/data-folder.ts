import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** Creates a folder for the data of test servers. Other users can enter it, because root's Postgres runs as one. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shop-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

/**
 * Creates a folder that is removed when the test ends.
 *
 * @param files texts to write into it, by file name
 */
export function makeTestFolder(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shop-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}
