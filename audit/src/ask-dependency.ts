import { describeError, type ServiceContext, ShopError } from '@shop/common';

type Answer<T> = { value: T } | { reason: string };

/**
 * Asks a service that may be unavailable. When it is, the check that needs it reports the reason, and the audit continues with
 * the others.
 */
export type AskDependency = <T>(ask: () => Promise<T>) => Promise<Answer<T>>;

/**
 * Logs one line when the dependency becomes unavailable and one when it is available again.
 *
 * @param name as log lines and results show it: `ksqlDB`
 */
export function createAskDependency(
  name: string,
  { logger, report }: Pick<ServiceContext, 'logger' | 'report'>,
): AskDependency {
  let isUnavailable = false;
  return async (ask) => {
    try {
      const value = await ask();
      if (isUnavailable) logger.info({ dependency: name }, 'the dependency is available again');
      isUnavailable = false;
      return { value };
    } catch (error) {
      if (!isUnavailableError(error)) throw error;
      const reason = `${name}: ${describeError(error)}`;
      if (!isUnavailable)
        logger.warn({ dependency: name, reason }, 'the dependency is unavailable, skipping its checks');
      isUnavailable = true;
      report.noteError(error);
      return { reason };
    }
  };
}

/** Our errors and those of sockets and Postgres have a code. Programming errors do not. */
const isUnavailableError = (error: unknown): boolean =>
  error instanceof ShopError ||
  (error instanceof Error && ('code' in error || /timeout|terminated/i.test(error.message)));
