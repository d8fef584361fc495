import type { ServerResponse } from 'node:http';
import { KsqlError } from '../errors.ts';
import { jsonType } from './media-type.ts';

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  contentType: string | null = jsonType,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export function sendEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': '0' });
  response.end();
}

/** Sends the error in ksqlDB's format, with the statement if the error names one. */
export function sendError(response: ServerResponse, error: KsqlError, contentType: string | null): void {
  const { statementText, code, message } = error;
  const body =
    typeof statementText === 'string'
      ? { '@type': 'statement_error', error_code: code, message, statementText, entities: [] }
      : { '@type': 'generic_error', error_code: code, message };
  // Close the connection: Node would parse the rest of the body as the next request.
  if (error.status === 413) response.setHeader('connection', 'close');
  sendJson(response, error.status, body, contentType);
}

/** Converts any error to a KsqlError; an unexpected one becomes a 500. */
export function asKsqlError(error: unknown): KsqlError {
  if (error instanceof KsqlError) return error;
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new KsqlError(
      'Error processing statement: Statement is too large to parse. This may be caused by having too many nested expressions in the statement.',
      { statementText: null, cause: error },
    );
  }
  return new KsqlError(error instanceof Error ? error.message : String(error), {
    status: 500,
    code: 50000,
    statementText: null,
    cause: error,
  });
}
