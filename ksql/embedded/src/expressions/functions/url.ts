import { INTEGER, STRING } from '../../types/sql-type.ts';
import type { Value } from '../../types/value.ts';
import { EvaluationError } from '../compiled.ts';
import { type Overload, overload } from './signature.ts';

/** RFC 3986's pattern for scheme, authority, path, query and fragment. */
const addressParts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
/** Characters that Java's URI refuses. */
const invalidCharacter = /[\s"<>\\^`{|}]|%(?![\da-fA-F]{2})/;
const authorityParts = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/;

type Part = (parts: {
  protocol?: string;
  authority?: string;
  path: string;
  query?: string;
  fragment?: string;
}) => Value;

function decode(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function split(address: Value): Parameters<Part>[0] {
  const text = String(address);
  const [, protocol, authority, path = '', query, fragment] = addressParts.exec(text) ?? [];
  if (invalidCharacter.test(text)) throw new EvaluationError(`not an address: ${text}`);
  return {
    path,
    ...(protocol !== undefined && { protocol }),
    ...(authority !== undefined && { authority }),
    ...(query !== undefined && { query }),
    ...(fragment !== undefined && { fragment }),
  };
}

const extract = (part: Part): Overload[] => [overload(['STRING'], STRING, (address) => part(split(address ?? null)))];

/** Java's syntax of a host: labels of letters, digits and hyphens, or an IPv4 or IPv6 address. */
const hostPattern = /^(?:[\da-z](?:[\da-z-]*[\da-z])?(?:\.(?=.))?)+\.?$|^\[.*\]$/i;

function hostOf(authority: string | undefined): string | null {
  const host = authorityParts.exec(authority ?? '')?.[1] ?? '';
  return hostPattern.test(host) ? host : null;
}

/** Like Java, decodes invalid UTF-8 as U+FFFD and refuses a `%` without two hex digits. */
function decodeParameter(text: string): string {
  if (/%(?![\da-f]{2})/i.test(text)) throw new EvaluationError(`not an encoded parameter: ${text}`);
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** As in ksqlDB, searches the decoded query; a parameter without a value is empty text. */
function parameter(address: Value, name: Value): Value {
  const query = decode(split(address).query);
  for (const pair of query === null ? [] : query.split('&')) {
    const [key, ...value] = pair.split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

/** Encodes a parameter like Java's URLEncoder. */
const encodeParameter = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

export const urlFunctions: Readonly<Record<string, readonly Overload[]>> = {
  URL_EXTRACT_PROTOCOL: extract(({ protocol }) => protocol ?? null),
  URL_EXTRACT_HOST: extract(({ authority }) => hostOf(authority)),
  URL_EXTRACT_PATH: extract(({ path }) => decode(path)),
  URL_EXTRACT_QUERY: extract(({ query }) => decode(query)),
  URL_EXTRACT_FRAGMENT: extract(({ fragment }) => decode(fragment)),
  URL_EXTRACT_PORT: [
    overload(['STRING'], INTEGER, (address) => {
      const port = authorityParts.exec(split(address ?? null).authority ?? '')?.[2];
      return port ? Number(port) : null;
    }),
  ],
  URL_EXTRACT_PARAMETER: [
    overload(['STRING', 'STRING'], STRING, (address, name) => parameter(address ?? null, name ?? null)),
  ],
  URL_ENCODE_PARAM: [overload(['STRING'], STRING, (text) => encodeParameter(String(text)))],
  URL_DECODE_PARAM: [overload(['STRING'], STRING, (text) => decodeParameter(String(text)))],
};
