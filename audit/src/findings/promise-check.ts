import type { LostRecords } from '../kafka/positions.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import type { Standing } from './check-result.ts';
import type { Check } from './promises.ts';

/** What a round is told. */
export interface Round {
  /** ms since 1970. */
  now: number;
  /** By the clock of looks, ms. */
  looked: number;
  /** The shop is known to be at rest: whatever is still open stays open. */
  quiet: boolean;
  /** For how long nothing of the shop has moved, ms of looking. */
  stillMs: number;
}

/** Looks after one promise, or a few that need the same messages. */
export interface PromiseCheck {
  /** Takes a message; called in the order of each partition, and never twice for the same one. */
  take?(record: TopicRecord): void;
  /** A partition of which records are gone that were not read, or which is another one from now on. */
  lose?(lost: LostRecords): void;
  /** Looks at what a message alone does not show. @throws when Kafka does not answer */
  round?(round: Round): Promise<void>;
  /** How each promise stands. */
  standings(round: Round): Partial<Record<Check, Standing>>;
  /** Something that the next rounds may still decide. */
  undecided?(round: Round): boolean;
  /** Still reads what the topics held when it was opened. */
  readonly reading?: boolean;
  /** Grows whenever something moves that no message shows. */
  readonly moves?: number;
}
