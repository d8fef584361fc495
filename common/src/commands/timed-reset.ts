import { isTimed } from '../contracts/command.ts';
import { pause } from '../service/pause.ts';
import type { ServiceContext } from '../service/run-service.ts';
import type { CommandHandlers } from './obey-commands.ts';

type Handle = (command: { command: string; seconds?: number }) => unknown;

/**
 * Lets the service go back to its settings when the time of a command is over. The time belongs to the service: the last command
 * with `seconds` decides, and its end undoes every command. `reset` ends it.
 */
export function addTimedReset(handlers: CommandHandlers, { signal, logger }: ServiceContext): CommandHandlers {
  let waiting = new AbortController();

  async function resetAfter(seconds: number): Promise<void> {
    waiting.abort();
    waiting = new AbortController();
    if (!(await pause(seconds * 1_000, AbortSignal.any([signal, waiting.signal])))) return;
    await handlers.reset?.(undefined as never);
    logger.info({ seconds }, 'the time of a command is over, back to the settings');
  }

  const wrap =
    (handle: Handle): Handle =>
    async (command) => {
      const details = (await handle(command)) as object | undefined;
      if (command.command === 'reset') waiting.abort();
      if (!isTimed(command.command) || command.seconds === undefined) return details;
      resetAfter(command.seconds).catch((err) => logger.warn({ err }, 'could not go back to the settings'));
      return { ...details, seconds: command.seconds };
    };
  return Object.fromEntries(Object.entries(handlers).map(([name, handle]) => [name, wrap(handle as Handle)]));
}
