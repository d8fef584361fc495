/**
 * The order ids of the last minutes of one partition, to tell a second copy of an order. Bounded twice: by the age of
 * the messages, and by their number, so that at very high rates the window gets shorter instead of the memory larger.
 */
export interface OrderWindow {
  /** Whether this id was seen within the window before `at` (ms since 1970, the message's timestamp); notes it if not. */
  seenBefore(orderId: string, at: number): boolean;
  readonly size: number;
}

export function createOrderWindow({ lengthMs, limit }: { lengthMs: number; limit: number }): OrderWindow {
  // A Map keeps the order of insertion: the first entry is the oldest.
  const seenAt = new Map<string, number>();

  function dropOld(now: number): void {
    for (const [id, at] of seenAt) {
      if (now - at <= lengthMs && seenAt.size <= limit) return;
      seenAt.delete(id);
    }
  }

  return {
    seenBefore(orderId, at) {
      dropOld(at);
      if (seenAt.has(orderId)) return true;
      if (lengthMs > 0) seenAt.set(orderId, at);
      return false;
    },
    get size() {
      return seenAt.size;
    },
  };
}
