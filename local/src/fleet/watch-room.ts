import { stat, statfs } from 'node:fs/promises';
import { pause } from '@shop/common';

/** The disk that holds a folder, and what is free on it. */
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
/** Kafka's segments and Postgres' WAL grow by 16 MB and more at a time. */
const littleBytes = 64 * mebibyte;
/** More than that, so that a disk near the limit is not reported again and again. */
const enoughBytes = 2 * littleBytes;

/** Says by name which folders are running out of room, and when they have room again: one line a change and disk. */
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
