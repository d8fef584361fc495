import type { Ending } from '../os/end-process.ts';
import type { ProcessLog } from '../os/process-log.ts';
import type { RunningProcess } from '../os/start-process.ts';

/**
 * Where the output of a process goes, and what is called when it runs. A start that takes several
 * processes reports each of them, so that it can be stopped at any time.
 */
export interface ProcessHost {
  readonly name: string;
  readonly log: ProcessLog;
  /** Called as soon as the process runs, long before it is up. */
  onProcess?(process: RunningProcess, ending: Ending): void;
  /** Reports that the start takes long, for the terminal. */
  say?(text: string): void;
}
