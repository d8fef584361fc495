/** One second of the shop. */
export interface Second {
  /** Seconds since 1970. */
  second: number;
  orders: number;
  delivered: number;
  undeliverable: number;
  /** Milliseconds from order to shipment; `null` without shipments. */
  p50: number | null;
  p99: number | null;
  /** Left in stock by product, where it changed or was known. */
  left: Record<string, number>;
}

/** The seconds known; later ones replace earlier ones of the same number. `whole` drops what was known before. */
export interface Seconds {
  type: 'seconds';
  whole: boolean;
  seconds: Second[];
}
