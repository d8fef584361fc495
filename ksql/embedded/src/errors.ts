type UnforeseenIn = 'nothing' | 'streamPulls' | 'queries';

/** An error in a request, with the fields of ksqlDB's error answer. */
export class KsqlError extends Error {
  readonly status: number;
  readonly code: number;
  /** The statement with the error. Null: answer with generic_error. Undefined: a caller adds the statement. */
  readonly statementText: string | null | undefined;
  /** Where ksqlDB does not handle the error and answers 500. */
  readonly unforeseenIn: UnforeseenIn;

  constructor(
    message: string,
    options: {
      status?: number;
      code?: number;
      statementText?: string | null;
      cause?: unknown;
      unforeseenIn?: UnforeseenIn;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KsqlError';
    this.status = options.status ?? 400;
    this.code = options.code ?? 40001;
    this.statementText = options.statementText;
    this.unforeseenIn = options.unforeseenIn ?? 'nothing';
  }
}

/** Adds the statement to an error that has none. */
export function withStatement<E>(error: E, statementText: string | null): E | KsqlError {
  if (!(error instanceof KsqlError) || error.statementText !== undefined) return error;
  return new KsqlError(error.message, {
    status: error.status,
    code: error.code,
    unforeseenIn: error.unforeseenIn,
    statementText,
    cause: error,
  });
}

/** An error that ksqlDB's parser misses: 500 in push queries, pull queries on streams and EXPLAIN. */
export const unforeseen = (message: string): KsqlError => new KsqlError(message, { unforeseenIn: 'queries' });

/** A type error: ksqlDB answers 500 in the select list of pull queries on streams, 400 elsewhere. */
export const mistyped = (message: string): KsqlError => new KsqlError(message, { unforeseenIn: 'streamPulls' });

/** ksqlDB's answer to a query with an error that it does not handle. */
export const internalError = (cause: unknown): KsqlError =>
  new KsqlError(
    'The server encountered an internal error when processing the query. Please consult the server logs for more information.',
    { status: 500, code: 50000, statementText: null, cause },
  );

/** The error for a feature of ksqlDB that this server lacks. */
export function notSupported(what: string): KsqlError {
  return new KsqlError(
    `The embedded ksqlDB does not support ${what}; set KSQLDB_ENDPOINT to run the fleet with a real ksqlDB, which does.`,
  );
}
