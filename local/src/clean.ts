import { type CleanedFolder, cleanSystemData, systemFolder } from './postgres/system-data.ts';

/** `npm start -- --clean`: removes Postgres data of deleted checkouts from the system folder, and lists its folders. */
export function runClean(say: (line: string) => void, from = systemFolder): void {
  const folders = cleanSystemData(from);
  for (const folder of folders) say(describe(folder));
  const removed = folders.filter(({ result }) => result === 'removed').length;
  say(`removed ${removed} of ${folders.length} data folders in ${from}`);
}

function describe({ folder, megabytes, owner, result }: CleanedFolder): string {
  const what = `${folder} (${megabytes} MB)`;
  if (!owner) return `kept ${what}: it does not say which checkout it belongs to. If none needs it, delete it.`;
  const whose = owner.shop.startsWith(owner.checkout) ? owner.checkout : owner.shop;
  if (result === 'removed') return `removed ${what}: ${whose} was deleted`;
  if (result === 'running') return `kept ${what}: ${whose} was deleted, but its Postgres still runs`;
  return `kept ${what}: ${whose} exists`;
}
