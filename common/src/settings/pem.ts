import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sourced } from './layered-values.ts';
import { hidden, SettingError } from './setting-error.ts';

const block = (label: string) => new RegExp(`-----BEGIN (${label})-----([\\s\\S]*?)-----END \\1-----`, 'g');
const certificate = 'CERTIFICATE';
const privateKey = '(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY';

/** PEM text given as a setting: on one line, its line breaks are blanks or `\n`. */
export function readPem(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll(block('[A-Z ]+'), (_, label: string, body: string) => {
    const base64 = body.replaceAll(/\s+/g, '').replaceAll(/.{1,64}/g, '$&\n');
    return `-----BEGIN ${label}-----\n${base64}-----END ${label}-----\n`;
  });
}

/**
 * Reads a PEM file.
 *
 * @param dir relative paths start from the folder of the config files
 * @throws SettingError when it cannot be read
 */
export function readPemFile(location: Sourced, dir: string): string {
  try {
    return readFileSync(path.resolve(dir, location.value), 'utf8');
  } catch (cause) {
    throw new SettingError(
      { ...location, found: location.value, expected: 'the path of a readable PEM file' },
      { cause },
    );
  }
}

/** The certificates of a PEM text, in their order. @throws SettingError when there is none */
export function certificatesIn(place: Sourced, pem: string): string {
  const found = [...pem.matchAll(block(certificate))].map(([text]) => text);
  if (found.length > 0) return `${found.join('\n')}\n`;
  throw new SettingError({
    ...place,
    found: shown(place),
    expected: 'PEM with certificates: -----BEGIN CERTIFICATE-----',
  });
}

/** The first private key of a PEM text. @throws SettingError when there is none */
export function privateKeyIn(place: Sourced, pem: string): string {
  const [found] = [...pem.matchAll(block(privateKey))].map(([text]) => text);
  if (found !== undefined) return `${found}\n`;
  throw new SettingError({
    ...place,
    found: shown(place),
    expected: 'PEM with a private key: -----BEGIN PRIVATE KEY-----',
  });
}

/** The path of a file may be shown; text may be a secret. */
const shown = ({ key, value }: Sourced) => (/location/i.test(key) ? value : hidden);
