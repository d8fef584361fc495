import type { Ending } from '../os/end-process.ts';
import type { PartLog } from '../os/process-log.ts';
import type { RunningProcess } from '../os/start-process.ts';

/**
 * What a part's starter works with: where the part's output goes, and who hears of its processes. A start that takes several
 * processes reports each of them, so that the part can be stopped at any time.
 */
export interface PartHost {
  readonly name: string;
  readonly log: PartLog;
  /** Told as soon as the process runs, long before the part is up. */
  onProcess?(process: RunningProcess, ending: Ending): void;
  /** Reports that the part takes long, for the terminal. */
  say?(text: string): void;
}
