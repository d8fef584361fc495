import { on } from 'node:events';
import { limitTime } from '@shop/common';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { FaultShop } from './fault-shop.ts';

const product = z.object({ product: z.string(), refilled: z.number(), ordered: z.number(), sold: z.boolean() });
export type ShownProduct = z.infer<typeof product>;
const message = z.looseObject({ type: z.string(), products: z.array(product).optional() });

/** Maximum time until the page gets a picture, ms. */
const pictureMs = 10_000;

/** Reads the stock as the page shows it now. */
export async function readShownProducts({ ports, context }: FaultShop): Promise<ShownProduct[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${ports.page}/page`);
  try {
    return await limitTime(pictureMs, context.signal, (signal) => readPicture(socket, signal));
  } finally {
    socket.terminate();
  }
}

async function readPicture(socket: WebSocket, signal: AbortSignal): Promise<ShownProduct[]> {
  // Several messages may arrive at once; `once` would miss all but the first.
  for await (const [text] of on(socket, 'message', { signal, close: ['close'] })) {
    const { type, products } = message.parse(JSON.parse(String(text)));
    if (type === 'picture') return products ?? [];
  }
  throw new Error('the page was closed');
}
