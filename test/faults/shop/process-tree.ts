import { execFileSync } from 'node:child_process';

/** Lists processes and all their descendants, in any process group or session, parents first. */
export function listTree(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [...roots];
  // The loop appends to the list that it walks.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Sends a signal to processes; some may have ended since they were listed. */
export function signalTree(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}
