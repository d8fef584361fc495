import { type logCreator, logLevel } from 'kafkajs';
import type { Logger } from '../logger.ts';

/**
 * Sends kafkajs's own log lines to pino, one level lower than it gives them: it writes a line for every attempt, while
 * the services log each change of state themselves.
 */
export function createKafkaLog(logger: Logger): logCreator {
  const lines = logger.child({ library: 'kafkajs' });
  return () =>
    ({ level, namespace, log: { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } }) => {
      const write = level <= logLevel.INFO ? 'debug' : 'trace';
      lines[write]({ namespace, ...fields }, message);
    };
}
