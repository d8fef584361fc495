import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Folder of root's Postgres data if the Postgres user cannot enter the requested folder. */
export const systemFolder = '/var/lib/kafka-web-shop';

/** The shop that owns a folder of `systemFolder`. */
const owner = z.object({
  checkout: z.string(),
  /** The shop's data folder: `.shop` of the checkout, or SHOP_DATA. */
  shop: z.string(),
});
export type Owner = z.infer<typeof owner>;

const ownerFile = 'owner.json';

/** Returns the folder in `systemFolder` that replaces a data folder. */
export const systemFolderFor = (wanted: string, folder = systemFolder): string =>
  path.join(folder, `data-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);

/** Records the owner of a data folder, so that `--clean` can check later whether that shop was deleted. */
export const noteOwner = (folder: string, content: Owner): void =>
  writeFileSync(path.join(folder, ownerFile), `${JSON.stringify(content)}\n`);

/** What `--clean` did with one folder. */
export interface CleanedFolder {
  folder: string;
  megabytes: number;
  /** Absent for a folder without a note: created by an earlier release. */
  owner?: Owner;
  result: 'removed' | 'in use' | 'running' | 'unknown';
}

/** Removes the data of shops whose checkout or data folder was deleted. */
export function cleanSystemData(from = systemFolder): CleanedFolder[] {
  if (!existsSync(from)) return [];
  return readdirSync(from)
    .filter((name) => name.startsWith('data-'))
    .sort()
    .map((name) => {
      const folder = path.join(from, name);
      const cleaned = { folder, megabytes: Math.round(sizeOf(folder) / 1_000_000) };
      const noted = readOwner(folder);
      if (!noted) return { ...cleaned, result: 'unknown' };
      if (isKept(noted)) return { ...cleaned, owner: noted, result: 'in use' };
      if (isServerRunning(folder)) return { ...cleaned, owner: noted, result: 'running' };
      rmSync(folder, { recursive: true });
      return { ...cleaned, owner: noted, result: 'removed' };
    });
}

/** A data folder inside the checkout may be missing: the next start creates it. */
function isKept({ checkout, shop }: Owner): boolean {
  const isInside = shop.startsWith(checkout + path.sep);
  return existsSync(isInside ? checkout : shop);
}

function readOwner(folder: string): Owner | undefined {
  const file = path.join(folder, ownerFile);
  if (!existsSync(file)) return undefined;
  return owner.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function isServerRunning(folder: string): boolean {
  const file = path.join(folder, 'data', 'postmaster.pid');
  if (!existsSync(file)) return false;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0);
}
