import type { PromiseCheck } from '../findings/promise-check.ts';
import type { StreamFollower } from './follow-stream.ts';
import type { createStreamCheck } from './stream-sequences.ts';

/** P8: what a browser sees. */
export function createBrowserCheck(
  check: ReturnType<typeof createStreamCheck>,
  follower: StreamFollower,
): PromiseCheck {
  return {
    undecided: () => follower.away === undefined && check.figures().messages === 0,
    standings() {
      const { messages, gaps, connections } = check.figures();
      return {
        P8: {
          cases: messages,
          found: [check.found],
          figures: { gaps, connections },
          unchecked: follower.away ?? (messages === 0 ? 'no message has come yet' : undefined),
        },
      };
    },
  };
}
