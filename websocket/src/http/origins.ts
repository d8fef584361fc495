import type { IncomingMessage } from 'node:http';
import { type Setting, schemaSetting } from '@shop/common';
import { z } from 'zod';

const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, '');

const origin = z
  .string()
  .refine(isOrigin)
  .transform((text) => text.replace(/\/$/, ''));

const list = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .transform((texts) => texts.filter((text) => text !== ''))
  .pipe(z.array(z.literal('*').or(origin)));

/** Origins of pages that may connect: `https://shop.example`, several separated by commas, or `*` for any. */
export function originListSetting(): Setting<string[]> {
  return schemaSetting('origins like https://shop.example separated by commas, or *', list, []);
}

/**
 * Whether the page that asks may read the stream: one of the same host, one of those allowed, or no page at all (only
 * browsers send Origin).
 */
export function isOriginAllowed({ headers }: Pick<IncomingMessage, 'headers'>, allowed: readonly string[]): boolean {
  if (headers.origin === undefined || allowed.includes('*') || allowed.includes(headers.origin)) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}
