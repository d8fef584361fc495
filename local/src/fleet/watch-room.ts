import { stat, statfs } from 'node:fs/promises';
import { pause } from '@shop/common';

/** The disk of a folder and its free space. */
interface Room {
  device: number;
  freeBytes: number;
}

export interface RoomPlan {
  /** Folders in which the processes keep data. */
  folders: readonly string[];
  say(text: string): void;
  signal: AbortSignal;
  everyMs?: number;
  readRoom?(folder: string): Promise<Room>;
}

const mebibyte = 1_024 * 1_024;
/** Free space below which a disk is reported. Kafka's segments and Postgres' WAL grow by 16 MB and more at a time. */
const littleBytes = 64 * mebibyte;
/** Free space at which a disk counts as free again. The gap avoids repeated reports near the limit. */
const enoughBytes = 2 * littleBytes;

/** Reports the folders whose disk runs out of space, and when it has space again: one line per change and disk. */
export async function watchRoom({
  folders,
  say,
  signal,
  everyMs = 2_000,
  readRoom = askRoom,
}: RoomPlan): Promise<void> {
  const full = new Set<number>();
  do {
    const disks = new Map<number, { names: string[]; freeBytes: number }>();
    for (const folder of folders) {
      // The folder does not exist yet.
      const room = await readRoom(folder).catch(() => undefined);
      if (!room) continue;
      const names = [...(disks.get(room.device)?.names ?? []), folder];
      disks.set(room.device, { names, freeBytes: room.freeBytes });
    }
    for (const [device, { names, freeBytes }] of disks) {
      if (freeBytes < littleBytes && !full.has(device)) {
        full.add(device);
        const left = `${Math.floor(freeBytes / mebibyte)} MB left on the disk of ${names.join(', ')}`;
        say(`${left}; free some space, and the stopped parts continue`);
      } else if (freeBytes >= enoughBytes && full.delete(device))
        say(`there is room again on the disk of ${names.join(', ')}`);
    }
  } while (await pause(everyMs, signal));
}

async function askRoom(folder: string): Promise<Room> {
  const [{ dev: device }, { bavail, bsize }] = await Promise.all([stat(folder), statfs(folder)]);
  return { device, freeBytes: bavail * bsize };
}
