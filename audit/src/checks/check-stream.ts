import type { createStreamCheck } from '../stream/check-stream.ts';
import type { StreamFollower } from '../stream/follow-stream.ts';
import type { PromiseCheck } from './promise-check.ts';

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
