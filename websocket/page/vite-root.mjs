import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const checkout = path.resolve(folder, '..', '..');

/**
 * Vite's settings for the page's folder. Vite ends a path at `#` and `?`, so a checkout below such a name is reached by a
 * link, until the process exits.
 */
export function viteRoot() {
  const root = /[#?]/.test(checkout) ? path.join(linkToCheckout(), path.relative(checkout, folder)) : folder;
  return { root, configFile: path.join(folder, 'vite.config.mjs'), resolve: { preserveSymlinks: root !== folder } };
}

function linkToCheckout() {
  const home = mkdtempSync(path.join(tmpdir(), 'shop-page-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const link = path.join(home, 'checkout');
  symlinkSync(checkout, link);
  return link;
}
