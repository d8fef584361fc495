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
