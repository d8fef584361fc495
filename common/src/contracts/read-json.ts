import type { z } from 'zod';
import { ShopError } from '../shop-error.ts';
import { NestedTooDeeply, parseJsonBytes } from './parse-json.ts';

/** A message that is not what its topic promises. It goes whole to `dead_letters`, under this code. */
export class UnreadableMessage extends ShopError {
  constructor(
    code: 'tombstone' | 'invalid_json' | 'nested_too_deeply' | 'wrong_shape',
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.name = 'UnreadableMessage';
  }
}

/**
 * Parses a message's value and checks its shape.
 *
 * @throws UnreadableMessage
 */
export function readJson<T>(value: Buffer | null, schema: z.ZodType<T>): T {
  if (value === null) throw new UnreadableMessage('tombstone', 'the message has no value');
  let parsed: unknown;
  try {
    parsed = parseJsonBytes(value);
  } catch (cause) {
    if (cause instanceof NestedTooDeeply)
      throw new UnreadableMessage('nested_too_deeply', `the value is ${cause.message}`, { cause });
    throw new UnreadableMessage('invalid_json', 'the value is not JSON', { cause });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new UnreadableMessage('wrong_shape', `${issue?.path.join('.') || 'the value'}: ${issue?.message}`, {
    cause: checked.error,
  });
}
