import { z } from 'zod';

const expected = 'origins like https://shop.example separated by commas, or *';

const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, '');

/** Origins of pages that may connect: `https://shop.example`, several separated by commas, or `*` for any. */
export const origins = z
  .string(expected)
  .transform((list) => list.split(',').map((each) => each.trim()))
  .transform((texts) => texts.filter((text) => text !== ''))
  .refine((texts) => texts.every((text) => text === '*' || isOrigin(text)), expected)
  .transform((texts) => texts.map((text) => text.replace(/\/$/, '')));
