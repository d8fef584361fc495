import { createHash } from 'node:crypto';
import { type SqlType, STRING } from '../../types/sql-type.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const BYTES: SqlType = { base: 'BYTES' };

/** The names that ksqlDB knows for ways to write bytes as text. */
function encodingOf(name: string): BufferEncoding {
  const known = { hex: 'hex', utf8: 'utf8', ascii: 'ascii', base64: 'base64' } as const;
  const encoding = known[name.toLowerCase() as keyof typeof known];
  if (encoding === undefined) throw new EvaluationError(`unknown encoding: ${name}`);
  return encoding;
}

const decode = (text: string, encoding: string): Buffer => Buffer.from(text, encodingOf(encoding));

/** BYTES are base64 text inside. */
export const BYTES_FUNCTIONS: Readonly<Record<string, readonly Overload[]>> = {
  TO_BYTES: [
    overload(['STRING', 'STRING'], BYTES, (text, encoding) =>
      decode(String(text), String(encoding)).toString('base64'),
    ),
  ],
  FROM_BYTES: [
    overload(['BYTES', 'STRING'], STRING, (bytes, encoding) => {
      const text = Buffer.from(String(bytes), 'base64').toString(encodingOf(String(encoding)));
      return encodingOf(String(encoding)) === 'hex' ? text.toUpperCase() : text;
    }),
  ],
  ENCODE: [
    overload(['STRING', 'STRING', 'STRING'], STRING, (text, from, to) =>
      decode(String(text), String(from)).toString(encodingOf(String(to))),
    ),
  ],
  MD5: [overload(['STRING'], STRING, (text) => createHash('md5').update(String(text)).digest('hex'))],
};
