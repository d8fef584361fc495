import type { ProcessEnd } from '../process/start-process.ts';

/** A part of the fleet that is up. */
export interface RunningPart {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** False when it did not end in time and was killed. */
  stop(): Promise<boolean>;
  kill(): Promise<void>;
}
