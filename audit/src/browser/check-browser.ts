import type { PromiseCheck } from '../findings/promise-check.ts';
import type { StreamFollower } from './follow-stream.ts';
import type { StreamSequences } from './stream-sequences.ts';

/** P8: a browser misses no message unannounced. */
export function createBrowserCheck(sequences: StreamSequences, follower: StreamFollower): PromiseCheck {
  return {
    undecided: () => follower.unavailable === undefined && sequences.figures().messages === 0,
    statuses() {
      const { messages, gaps, connections } = sequences.figures();
      return {
        P8: {
          cases: messages,
          found: [sequences.found],
          figures: { gaps, connections },
          unchecked: follower.unavailable ?? (messages === 0 ? 'no message has arrived yet' : undefined),
        },
      };
    },
  };
}
