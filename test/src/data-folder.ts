import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder for the data of test servers; others may pass through it, as root's Postgres runs as another user. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shop-test-'));
  chmodSync(folder, 0o711);
  return folder;
}
