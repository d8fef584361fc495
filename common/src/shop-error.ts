/** A failure with a code to decide by, and whether a retry can help. Wrap a foreign error once, as `cause`. */
export class ShopError extends Error {
  readonly code: string;
  readonly canRetry: boolean;
  /** A setting is wrong, and the message names it: a restart does not help until the user fixes it. */
  readonly isSetting: boolean;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; canRetry?: boolean; isSetting?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ShopError';
    this.code = code;
    this.canRetry = options.canRetry ?? false;
    this.isSetting = options.isSetting ?? false;
  }
}

/** The first line of a thrown value, for messages that people read. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // AggregateError (several addresses of one host) has an empty message.
  const inner = error instanceof AggregateError ? error.errors.map(describeError).join('; ') : error.message;
  return inner.split('\n')[0] || error.name;
}

/** What was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
