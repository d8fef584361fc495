import type { TopicGap, TopicRecord } from '@shop/common';
import type { PromiseStatus } from './check-result.ts';
import type { Check } from './promises.ts';

/** The state of the audit and of the shop at the start of a round. */
export interface Round {
  /** ms since 1970. */
  now: number;
  /** Observed time so far, ms: see createObservationClock. */
  observedMs: number;
  /** The shop is known to be at rest, so what is unfinished now stays unfinished. */
  quiet: boolean;
  /** For how long nothing in the shop has moved, ms of observed time. */
  idleMs: number;
}

/** Checks one promise, or several that need the same messages. */
export interface PromiseCheck {
  /** Takes a message. The messages of a partition arrive in order, each once. */
  onRecord?(record: TopicRecord): void;
  /** Takes the news that records were deleted before they were read, or that a topic was recreated. */
  onGap?(gap: TopicGap): void;
  /** Checks what no message shows. @throws when Kafka does not answer */
  round?(round: Round): Promise<void>;
  /** What is known about each promise now. */
  statuses(round: Round): Partial<Record<Check, PromiseStatus>>;
  /** Whether further rounds may still change the result. */
  undecided?(round: Round): boolean;
  /** Whether the check still reads what the topics held when it was opened. */
  readonly reading?: boolean;
  /** Grows whenever something moves that no message shows. */
  readonly moves?: number;
}
