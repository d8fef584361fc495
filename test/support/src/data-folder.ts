import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a new folder for the data of test servers. Other users may pass through it: root's Postgres runs as one. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shop-test-'));
  chmodSync(folder, 0o711);
  return folder;
}
