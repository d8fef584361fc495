import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { RunFiles } from '../os/run-file.ts';
import { findPostgresHome } from '../postgres/find-home.ts';
import type { Folders } from './folders.ts';

/**
 * Claims the data folder: ends the processes that a killed `npm start` left running.
 *
 * @param names the processes to start
 * @throws when another `npm start` runs one of them on this folder
 */
export async function claimFolders(
  folders: Folders,
  runFiles: RunFiles,
  { names, fresh, say }: { names: readonly string[]; fresh: boolean; say: (text: string) => void },
): Promise<void> {
  const elsewhere = runFiles.runningElsewhere();
  const twice = fresh ? elsewhere : elsewhere.filter(({ name }) => names.includes(name));
  const [first] = twice;
  if (first)
    throw new Error(
      `${twice.map(({ name }) => name).join(', ')}: running on ${folders.shop}, started by process ${first.ownerPid}.\n` +
        'End that process, or run a second fleet: SHOP_DATA=.shop2 npm start -- --port-offset 10000',
    );
  const left = await runFiles.endLeftovers();
  if (left.length > 0) say(`ended processes of an earlier start: ${left.join(', ')}`);
}

/** Deletes the data and logs of earlier runs. */
export function emptyFolders(folders: Folders, say: (text: string) => void): void {
  const postgres = findPostgresHome(folders.postgres, folders.cache).folder;
  const { kafka, kafkaCluster, connect, ksqldb, figures } = folders;
  for (const kept of [kafka, kafkaCluster, connect, ksqldb, postgres, figures])
    rmSync(kept, { recursive: true, force: true });
  for (const name of readdirSync(folders.log)) rmSync(path.join(folders.log, name), { recursive: true, force: true });
  say('deleted the data of earlier runs');
}
