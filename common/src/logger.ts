import { type Logger, pino } from 'pino';
import { z } from 'zod';
import { readSettings } from './settings/read-settings.ts';

export type { Logger } from 'pino';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const settings = z.object({ LOG_LEVEL: z.enum(levels, `one of ${levels.join(', ')}`).default('info') });

/** Fields that may hold a secret, wherever an object that was logged carries them. */
const secretFields = [
  'password',
  'secret',
  'authorization',
  'Authorization',
  'auth',
  'sasl',
  'apiSecret',
  'connectionString',
];
const redactedPaths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`]);

/** A JSON logger on stdout: constant message, data in fields, errors as `{ err }`. LOG_LEVEL decides what is written. */
export function createLogger(service: string, env: NodeJS.ProcessEnv = process.env): Logger {
  const { LOG_LEVEL: level } = readSettings(settings, env);
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redactedPaths, censor: '(hidden)' },
    serializers: { err: serializeError },
  });
}

/** Logs only the error's message, code and stack: libraries attach whole requests to their errors, logins included. */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
