import { type ServiceContext, ShopError } from '@shop/common';
import { z } from 'zod';

/** What this command shows of the answer of websocket's `/stories` (websocket/README.md). */
const story = z.looseObject({
  customer: z.looseObject({ id: z.number(), name: z.string().nullable() }).nullable(),
  order_id: z.string().nullable(),
  events: z.array(z.looseObject({ topic: z.string(), timestamp: z.number(), value: z.unknown() })),
  candidates: z.array(z.looseObject({ id: z.number(), name: z.string(), country: z.string() })),
});
export type ShopStory = z.infer<typeof story>;

/** Asks the page's service for the events of a customer or an order. @throws ShopError `page_unavailable` */
export async function readShopStory(search: string, { env, signal }: ServiceContext): Promise<ShopStory> {
  const address = `${env['WEBSOCKET_URL']}/stories?search=${encodeURIComponent(search)}`;
  try {
    const response = await fetch(address, { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(text.trim());
    return story.parse(JSON.parse(text));
  } catch (cause) {
    throw new ShopError('page_unavailable', `websocket does not answer at ${address}. Does the shop run?`, { cause });
  }
}
