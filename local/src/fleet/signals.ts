/** A Ctrl-C can arrive twice, from the terminal and from npm. Signals within this time count as one, ms. */
const sameWithinMs = 1_000;

/**
 * Calls `onFirst` for the first signal, and `onSecond` for the next one that does not repeat the first.
 * A closed terminal (SIGHUP) and a closed output count as signals, too.
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
