import { readFileSync } from 'node:fs';
import { SettingError } from './setting-error.ts';

/**
 * Reads a text file as UTF-8, without its byte order mark.
 *
 * @param name the file as messages name it
 * @throws SettingError when the file cannot be read or has another encoding
 */
export function readText(file: string, name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new SettingError({ file: name, key: '(the file)', expected: `a readable file at ${file}` }, { cause });
  }
  const encoding = findEncoding(bytes);
  if (encoding !== undefined)
    throw new SettingError({
      file: name,
      key: '(the file)',
      found: encoding,
      expected: 'UTF-8: save the file as UTF-8 (PowerShell: Set-Content -Encoding utf8)',
    });
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** The encoding that a text has in place of UTF-8. PowerShell's `>` writes UTF-16. */
function findEncoding(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (bytes.includes(0)) return 'UTF-16 or binary data';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return 'another encoding than UTF-8';
  }
}
