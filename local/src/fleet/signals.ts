/** One Ctrl-C can come twice within a moment: from the terminal, and from npm, which passes it on. */
const sameWithinMs = 1_000;

/**
 * Calls `onFirst` for the first signal to end, and `onSecond` for the next one that is not an echo of the first.
 * A terminal that is closed (SIGHUP) and an output that no process reads any more count as signals, too.
 */
export function listenForSignals(onFirst: (name: string) => void, onSecond: () => void): void {
  let first: number | undefined;
  let second = false;
  const handle = (name: string) => {
    const now = Date.now();
    if (first === undefined) {
      first = now;
      onFirst(name);
    } else if (!second && now - first > sameWithinMs) {
      second = true;
      onSecond();
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => handle(name));
  for (const output of [process.stdout, process.stderr])
    output.on('error', () => {
      if (first === undefined) handle('closed output');
    });
}
