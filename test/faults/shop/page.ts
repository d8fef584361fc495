import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { FaultShop } from './fault-shop.ts';

const product = z.object({ product: z.string(), refilled: z.number(), ordered: z.number(), sold: z.boolean() });
export type ShownProduct = z.infer<typeof product>;
const message = z.looseObject({ type: z.string(), products: z.array(product).optional() });

/** Reads the stock as the page shows it now. */
export async function readShownProducts({ ports, context }: FaultShop): Promise<ShownProduct[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${ports.page}/page`);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(10_000)]);
  try {
    for (;;) {
      const [text] = await once(socket, 'message', { signal });
      const { type, products } = message.parse(JSON.parse(String(text)));
      if (type === 'picture') return products ?? [];
    }
  } finally {
    socket.terminate();
  }
}
