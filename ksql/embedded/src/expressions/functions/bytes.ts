import { createHash } from 'node:crypto';
import { type SqlType, STRING } from '../../types/sql-type.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

const BYTES: SqlType = { base: 'BYTES' };

/** ksqlDB's names of the text encodings of bytes. */
function encodingOf(name: string): BufferEncoding {
  const known = { hex: 'hex', utf8: 'utf8', ascii: 'ascii', base64: 'base64' } as const;
  const encoding = known[name.toLowerCase() as keyof typeof known];
  if (encoding === undefined) throw new EvaluationError(`unknown encoding: ${name}`);
  return encoding;
}

/** Like Java, encodes non-ASCII characters as `?`. */
const notAscii = /[\u{80}-\u{10ffff}]/gu;
const hexPattern = /^(?:0x|[xX](?='.*'$))?'?((?:[\da-f]{2})*)'?$/i;

function decode(text: string, name: string): Buffer {
  const encoding = encodingOf(name);
  if (encoding === 'ascii') return Buffer.from(text.replace(notAscii, '?'), 'latin1');
  if (encoding !== 'hex') return Buffer.from(text, encoding);
  const [, digits] = hexPattern.exec(text) ?? [];
  if (digits === undefined) throw new EvaluationError(`not hexadecimal: ${text}`);
  return Buffer.from(digits, 'hex');
}

/** Like Java, decodes non-ASCII bytes as U+FFFD. */
function encode(bytes: Buffer, name: string): string {
  const encoding = encodingOf(name);
  return encoding === 'ascii' ? bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd') : bytes.toString(encoding);
}

/** A BYTES value is base64 text (see value.ts). */
export const bytesFunctions: Readonly<Record<string, readonly Overload[]>> = {
  TO_BYTES: [
    overload(['STRING', 'STRING'], BYTES, (text, encoding) =>
      decode(String(text), String(encoding)).toString('base64'),
    ),
  ],
  FROM_BYTES: [
    overload(['BYTES', 'STRING'], STRING, (bytes, encoding) => {
      const text = encode(Buffer.from(String(bytes), 'base64'), String(encoding));
      return encodingOf(String(encoding)) === 'hex' ? text.toUpperCase() : text;
    }),
  ],
  ENCODE: [
    overload(['STRING', 'STRING', 'STRING'], STRING, (text, from, to) =>
      encode(decode(String(text), String(from)), String(to)),
    ),
  ],
  MD5: [overload(['STRING'], STRING, (text) => createHash('md5').update(String(text)).digest('hex'))],
};
