import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import type { ProcessHost } from '../processes/process-host.ts';
import { type Ending, endProcess, killGroup, signalGroup } from './end-process.ts';
import { identify, type ProcessIdentity } from './identity.ts';

export interface CommandPlan {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The user to run as; only root can change it. */
  account?: { uid: number; gid: number } | undefined;
  ending: Ending;
  host: ProcessHost;
}

export interface RunningProcess extends ProcessIdentity {
  /** Resolves when the process has ended. `text` is `code 1` or `SIGKILL`, for example. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends the process, and kills it when it stops making progress. Resolves to false when it had to be killed. */
  stop(): Promise<boolean>;
  kill(): Promise<void>;
  /** Stops the whole group with SIGSTOP, until the time is over or the process is to end. */
  freeze(ms: number): Promise<void>;
}

interface ProcessEnd {
  code: number | undefined;
  text: string;
}

/**
 * Starts a process as the leader of a new process group. Ctrl-C in the terminal does not reach the group, so
 * `npm start` decides the order in which processes stop. It can also kill all children of the process.
 *
 * @throws when it cannot be started
 */
export function startProcess({ command, args, cwd, env, account, ending, host }: CommandPlan): RunningProcess {
  const child = execa(command, args, {
    cwd,
    env,
    extendEnv: false,
    ...account,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
  });
  for (const output of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    output.on('data', (chunk: Buffer) => host.log.write(decoder.write(chunk)));
  }
  const ended = child.then(({ exitCode, signal, originalMessage }) => ({
    code: exitCode,
    text: exitCode === undefined ? (signal ?? originalMessage ?? 'not started') : `code ${exitCode}`,
  }));
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${command} in ${cwd}`);
  const leader = identify(pid) ?? { pid, began: 'ended at once' };
  const thaw = () => signalGroup(leader, 'SIGCONT');
  const running: RunningProcess = {
    ...leader,
    ended,
    async stop() {
      thaw();
      const inTime = await endProcess(leader, ending, {
        written: host.log.written,
        onSlow: (seconds) => host.say?.(`${host.name} is still ending after ${seconds} s`),
      });
      await ended;
      return inTime;
    },
    async kill() {
      await killGroup(leader);
      await ended;
    },
    async freeze(ms) {
      signalGroup(leader, 'SIGSTOP');
      const over = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        // The end of the process ends the wait, too.
        void ended.then(() => clearTimeout(timer)).then(resolve);
      });
      await over;
      thaw();
    },
  };
  host.onProcess?.(running, ending);
  return running;
}
