import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Uses all CPU time that it gets until its parent has ended. The parent's id is an argument, because the parent may
 * have ended before the loop starts.
 */
const loop = 'for (let i = 0; ; i++) if (i % 1e7 === 0 && String(process.ppid) !== process.argv[1]) process.exit();';

export interface BusyLoops {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Starts processes that compete for the cores. They end with `stop`, or with this process. */
export function startBusyLoops(count: number): BusyLoops {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', loop, String(process.pid)], { stdio: 'ignore' }),
  );
  const kill = () => {
    for (const child of loops) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  return {
    pids: loops.flatMap(({ pid }) => pid ?? []),
    async stop() {
      const ended = loops.map(whenEnded);
      kill();
      await Promise.all(ended);
      process.off('exit', kill);
    },
  };
}

async function whenEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
