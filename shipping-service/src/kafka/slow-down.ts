import { type CommandHandlers, pause } from '@shop/common';
import type { CreatePartitionHandler } from './batch.ts';

/** Default pause before each batch, ms. */
const usualMs = 500;

/** Slows batches down by command. A restart ends it. */
export interface Slowdown {
  /** Adds the pause to a handler; without a command it adds nothing. */
  slow(createHandler: CreatePartitionHandler): CreatePartitionHandler;
  handlers: CommandHandlers;
}

export function createSlowdown(): Slowdown {
  let pauseMs = 0;
  const stop = () => {
    pauseMs = 0;
    return undefined;
  };
  return {
    slow: (createHandler) => (partition) => {
      const handler = createHandler(partition);
      return {
        remember: (messages) => handler.remember?.(messages),
        async handle(batch) {
          // A handler whose signal is aborted ends by itself.
          if (pauseMs > 0) await pause(pauseMs, batch.signal);
          return handler.handle(batch);
        },
      };
    },
    handlers: {
      slow({ ms_per_batch = usualMs }) {
        pauseMs = ms_per_batch;
        return { ms_per_batch };
      },
      normal: stop,
      reset: stop,
    },
  };
}
