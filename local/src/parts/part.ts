import type { Ending } from '../process/end-process.ts';
import type { PartLog } from '../process/part-log.ts';
import type { RunningProcess } from '../process/start-process.ts';

/** What a part's starter works with: where the part's output goes, and who is told of its process. */
export interface PartHost {
  readonly name: string;
  readonly log: PartLog;
  /** Told as soon as the process runs, long before the part is up. */
  onProcess?(process: RunningProcess, ending: Ending): void;
}
