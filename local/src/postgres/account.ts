import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The user that runs Postgres when `npm start` runs as root, because Postgres refuses to run as root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Returns `undefined` for an ordinary user. For root, returns the user postgres if there is one, else the user nobody.
 *
 * @throws when root has neither
 */
export function findPostgresAccount(
  uid: number | undefined = process.getuid?.(),
  readPasswd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): Account | undefined {
  if (uid !== 0) return undefined;
  const users = readPasswd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , id, gid] = users.find(([user]) => user === wanted) ?? [];
    if (name !== undefined && id && gid) return { name, uid: Number(id) | 0, gid: Number(gid) | 0 };
  }
  throw new Error(
    'Postgres does not run as root, and there is no user postgres or nobody: run npm start as another user',
  );
}

/** Whether the account may enter the folder and every folder above it. */
export function mayEnter(folder: string, account: Account | undefined): boolean {
  if (!account) return true;
  const { root } = path.parse(folder);
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    if (!letsPass(current, account)) return false;
    if (current === root) return true;
  }
}

function letsPass(folder: string, { uid, gid }: Account): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return true; // the account will create and own it
  const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
  return ((stat.mode >> shift) & 1) === 1;
}
