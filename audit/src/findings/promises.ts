/** The promises of the shop. */
export const promises = {
  P1: 'every order ends in exactly one place, and none is lost',
  P2: 'no order is shipped twice',
  P3: 'a parcel goes to the newest address that ksqlDB has shown',
  P4: 'deleted customers are distinguished from those who have not arrived yet',
  P5: 'stock equals refills minus orders',
  P6: 'ksqlDB has the customers that Postgres has',
  P7: 'consumers catch up by themselves',
  P8: 'a browser misses no message unannounced',
} as const;

export type Check = keyof typeof promises;
