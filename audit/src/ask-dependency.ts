import { describeError, type ServiceContext, ShopError } from '@shop/common';

export type Reached<T> = { value: T } | { reason: string };

/** Asks a part of the shop that may be away: then a check says so, and the audit goes on with the others. */
export type Reach = <T>(ask: () => Promise<T>) => Promise<Reached<T>>;

/**
 * One log line when the part goes away, one when it is back.
 *
 * @param what as it is named in messages: `ksqlDB`
 */
export function createReach(what: string, { logger, report }: Pick<ServiceContext, 'logger' | 'report'>): Reach {
  let away = false;
  return async (ask) => {
    try {
      const value = await ask();
      if (away) logger.info({ dependency: what }, 'the dependency is there');
      away = false;
      return { value };
    } catch (error) {
      if (!isAnswer(error)) throw error;
      const reason = `${what}: ${describeError(error)}`;
      if (!away) logger.warn({ dependency: what, reason }, 'cannot be checked');
      away = true;
      report.noteError(error);
      return { reason };
    }
  };
}

/** Errors of ours, of sockets and of Postgres carry a code; mistakes of the program do not. */
const isAnswer = (error: unknown): boolean =>
  error instanceof ShopError ||
  (error instanceof Error && ('code' in error || /timeout|terminated/i.test(error.message)));
