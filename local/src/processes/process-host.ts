import type { Ending } from '../os/end-process.ts';
import type { ProcessLog } from '../os/process-log.ts';
import type { RunningProcess } from '../os/start-process.ts';

/**
 * Receives the output of a process and is called when it runs. A start with several processes reports each of them, so
 * that it can be stopped at any time.
 */
export interface ProcessHost {
  readonly name: string;
  readonly log: ProcessLog;
  /** Called when the process has been started, long before it is up. */
  onProcess?(process: RunningProcess, ending: Ending): void;
  /** Reports in the terminal that the start takes long. */
  say?(text: string): void;
}
