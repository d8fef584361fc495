type UnforeseenIn = 'nothing' | 'streamPulls' | 'queries';

/** What is wrong with a request, in the shape in which ksqlDB answers it. */
export class KsqlError extends Error {
  readonly status: number;
  readonly code: number;
  /** The statement it is about; null makes a generic_error, undefined leaves it to the caller that knows the statement. */
  readonly statementText: string | null | undefined;
  /** Where ksqlDB does not foresee the mistake and answers 500. */
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

/** The same error, now that the statement is known. */
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

/** A mistake that ksqlDB's parser takes and a later step does not: 500 in push queries, pull queries on streams and EXPLAIN. */
export const unforeseen = (message: string): KsqlError => new KsqlError(message, { unforeseenIn: 'queries' });

/** A mistake in types that ksqlDB answers with 500 in the select list of pull queries on streams, with 400 elsewhere. */
export const mistyped = (message: string): KsqlError => new KsqlError(message, { unforeseenIn: 'streamPulls' });

/** How ksqlDB answers a query with an unforeseen mistake. */
export const internalError = (cause: unknown): KsqlError =>
  new KsqlError(
    'The server encountered an internal error when processing the query. Please consult the server logs for more information.',
    { status: 500, code: 50000, statementText: null, cause },
  );

/** What ksqlDB can do and this server cannot. Refused, never answered wrongly. */
export function notSupported(what: string): KsqlError {
  return new KsqlError(
    `The embedded ksqlDB does not support ${what}; set KSQLDB_ENDPOINT to run the fleet with a real ksqlDB, which does.`,
  );
}
