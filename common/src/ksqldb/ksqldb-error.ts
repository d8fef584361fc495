import type { KsqldbSettings } from '../settings/ksqldb-settings.ts';
import { describeError, ShopError } from '../shop-error.ts';
import { describeTlsTrouble, findTlsTrouble } from '../tls-trouble.ts';

/** What ksqlDB answered instead of rows, or why it did not answer. */
export class KsqldbError extends ShopError {
  /** HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  /** ksqlDB's `error_code`, e.g. 40001 for a bad statement, 50302 for a server that starts. */
  readonly errorCode: number | undefined;
  /** No connection was made, so the server has not seen the request. */
  readonly neverSent: boolean;
  /** The error in ksqlDB's own words; absent when there was no answer. */
  readonly words: string | undefined;

  constructor(
    code: string,
    message: string,
    options: {
      cause?: unknown;
      canRetry?: boolean;
      status?: number;
      errorCode?: number | undefined;
      neverSent?: boolean;
      words?: string;
    } = {},
  ) {
    super(code, message, options);
    this.name = 'KsqldbError';
    this.status = options.status;
    this.errorCode = options.errorCode;
    this.neverSent = options.neverSent ?? false;
    this.words = options.words;
  }
}

/** Wraps what axios throws. Its errors carry the whole request, login included, and so are not kept as a cause. */
export function requestError(error: unknown, { endpoint, source }: KsqldbSettings): KsqldbError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = describeError(error);
  const trouble = findTlsTrouble([error]);
  if (trouble)
    return new KsqldbError(
      'ksqldb_certificate',
      describeTlsTrouble(trouble, {
        server: endpoint,
        address: source.endpoint,
        authority: 'config/ksqldb.config: KSQLDB_CA_LOCATION',
        protocol: 'its https://',
        client: 'asks for a client certificate, which is not supported for ksqlDB',
      }),
    );
  const reason = words.includes(code) ? words : `${words} ${code}`;
  return new KsqldbError('ksqldb_away', `no answer from ${endpoint} (${source.endpoint}): ${reason}`, {
    canRetry: true,
    neverSent: noConnection.has(code),
  });
}

const noConnection = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** Messages that mean "later": a table was just created, or a statement still runs. */
const later = /not available yet|Could not write the statement|fenced|Timeout|timed out/i;

/** Reads an answer other than 200. */
export function answerError(status: number, body: string, { source }: KsqldbSettings): KsqldbError {
  const { message, errorCode } = readErrorBody(body);
  if (status === 401 || status === 403)
    return new KsqldbError('ksqldb_login', `ksqlDB refused the login (${status}); fix ${source.login}`, {
      status,
      errorCode,
    });
  const canRetry = status === 408 || status === 429 || status >= 500 || later.test(message);
  return new KsqldbError('ksqldb_answer', `ksqlDB answered ${status}${errorCode ? `/${errorCode}` : ''}: ${message}`, {
    status,
    errorCode,
    canRetry,
    words: message,
  });
}

function readErrorBody(body: string): { message: string; errorCode: number | undefined } {
  try {
    const { message, error_code: errorCode } = JSON.parse(body);
    return { message: String(message), errorCode: typeof errorCode === 'number' ? errorCode : undefined };
  } catch {
    // 405, 406 and proxies in front of the server answer without a JSON body.
    return { message: body.slice(0, 200) || '(no text)', errorCode: undefined };
  }
}
