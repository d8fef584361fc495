/** What is wrong with a request, in the shape in which ksqlDB answers it. */
export class KsqlError extends Error {
  readonly status: number;
  readonly code: number;
  /** The statement it is about; null makes a generic_error, undefined leaves it to whoever knows the statement. */
  readonly statementText: string | null | undefined;
  /** ksqlDB does not foresee the mistake: EXPLAIN answers it with 500. */
  readonly isUnforeseen: boolean;

  constructor(
    message: string,
    options: {
      status?: number;
      code?: number;
      statementText?: string | null;
      cause?: unknown;
      isUnforeseen?: boolean;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KsqlError';
    this.status = options.status ?? 400;
    this.code = options.code ?? 40001;
    this.statementText = options.statementText;
    this.isUnforeseen = options.isUnforeseen ?? false;
  }
}

/** The same error, now that the statement is known. */
export function withStatement(error: unknown, statementText: string): unknown {
  if (!(error instanceof KsqlError) || error.statementText !== undefined) return error;
  return new KsqlError(error.message, { status: error.status, code: error.code, statementText, cause: error });
}

/** A mistake that ksqlDB's parser takes and a later step does not. */
export const unforeseen = (message: string): KsqlError => new KsqlError(message, { isUnforeseen: true });

/** What ksqlDB can do and this server cannot. Refused, never answered wrongly. */
export function notSupported(what: string): KsqlError {
  return new KsqlError(
    `The embedded ksqlDB does not support ${what}; set KSQLDB_ENDPOINT to run the fleet with a real ksqlDB, which does.`,
  );
}
