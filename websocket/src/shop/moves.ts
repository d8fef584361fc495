import type { CustomerRow, Shipment } from '@shop/common';
import { LRUCache } from 'lru-cache';
import type { FollowedMove } from '../messages/picture.ts';

interface Move {
  name: string;
  from: string | null;
  to: string;
  movedAt: number;
}

/** Customers whose last address is remembered, to say where they moved from. */
const rememberedAddresses = 50_000;
const rememberedMoves = 10_000;
const shownMoves = 12;

/** Address changes that reached a shipment: the point of the demo. */
export interface Moves {
  /** @param changedAt when the database changed the row, ms since 1970 */
  noteCustomer(row: CustomerRow, op: string, changedAt: number): void;
  noteShipment(shipment: Shipment): void;
  forget(customerId: number): void;
  /** Newest first. */
  followed(): FollowedMove[];
}

export function createMoves(): Moves {
  const addresses = new LRUCache<number, string>({ max: rememberedAddresses });
  const waiting = new LRUCache<number, Move>({ max: rememberedMoves });
  const followed: FollowedMove[] = [];

  return {
    noteCustomer(row, op, changedAt) {
      const from = addresses.get(row.id) ?? null;
      const to = oneLine(row);
      addresses.set(row.id, to);
      if (op !== 'u' || from === to) return;
      waiting.set(row.id, { name: `${row.first_name} ${row.last_name}`, from, to, movedAt: changedAt });
    },
    noteShipment(shipment) {
      if (shipment.status !== 'delivered') return;
      const move = waiting.get(shipment.customer_id);
      const shippedAt = Date.parse(shipment.shipped_at);
      if (!move || oneLine(shipment) !== move.to || shippedAt < move.movedAt) return;
      waiting.delete(shipment.customer_id);
      const { name, from, to, movedAt } = move;
      const { customer_id, order_id, product } = shipment;
      followed.unshift({ customer_id, name, from, to, moved_at: movedAt, shipped_at: shippedAt, order_id, product });
      followed.length = Math.min(followed.length, shownMoves);
    },
    forget(customerId) {
      addresses.delete(customerId);
      waiting.delete(customerId);
    },
    followed: () => followed,
  };
}

/** An address as an envelope has it: street, zip code, country. */
const oneLine = ({ address, zipcode, country }: { address: string; zipcode: string; country: string }) =>
  `${address}, ${zipcode}, ${country}`;
