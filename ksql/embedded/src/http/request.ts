import type { IncomingMessage } from 'node:http';
import { KsqlError } from '../errors.ts';
import { isObject, type Value, type ValueObject } from '../types/value.ts';

/** Maximum body size, with room for thousands of keys in an IN list. */
const maxBodyBytes = 2 * 1024 * 1024;

const generic = (status: number, code: number, message: string): KsqlError =>
  new KsqlError(message, { status, code, statementText: null });

/** Read a larger body up to this size and discard it, so that the client can read the answer. */
const maxDiscardedBytes = 64 * 1024 * 1024;

export function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size <= maxBodyBytes) chunks.push(bytes);
      else chunks.length = 0;
      if (size > maxDiscardedBytes) request.destroy();
    });
    request.on('end', () => {
      if (size > maxBodyBytes) reject(generic(413, 41300, `The request is larger than ${maxBodyBytes} bytes.`));
      else resolve(size === 0 ? null : Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** Parses the body, which must be a JSON object. */
export function parseBody(body: string | null): ValueObject {
  if (body === null) {
    throw generic(500, 50000, 'Cannot invoke "io.vertx.core.buffer.Buffer.getBytes()" because "<parameter1>" is null');
  }
  let json: Value;
  try {
    json = JSON.parse(body) as Value;
  } catch (cause) {
    throw new KsqlError(`Invalid JSON in request: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 40000,
      statementText: null,
      cause,
    });
  }
  if (json === null) throw generic(500, 50000, '');
  if (!isObject(json))
    throw generic(
      400,
      40000,
      `Invalid JSON in request: an object is expected, not ${Array.isArray(json) ? 'an array' : String(json)}`,
    );
  return json;
}

/** The field's text; undefined if it is missing. */
export function textField(body: ValueObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw generic(400, 40000, `Invalid JSON in request: '${name}' has to be text`);
  return value;
}

/** Replaces `${name}` by the value in `sessionVariables`. */
export function withVariables(text: string | undefined, body: ValueObject): string | undefined {
  const variables = propertiesField(body, 'sessionVariables');
  return text?.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
    const value = variables[name];
    return value === undefined || value === null ? reference : String(value);
  });
}

/**
 * Checks the fields that /query and /ksql share. Ignores the sequence number's value, because here every statement sees
 * all earlier ones.
 */
export function checkFields(body: ValueObject): void {
  propertiesField(body, 'streamsProperties');
  const { commandSequenceNumber: number } = body;
  if (number !== undefined && number !== null && !/^-?\d+$/.test(String(number)))
    throw generic(400, 40000, `Invalid JSON in request: 'commandSequenceNumber' has to be a whole number`);
}

export function propertiesField(body: ValueObject, name: string): ValueObject {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw generic(400, 40000, `Invalid JSON in request: '${name}' has to be an object`);
  return value;
}
