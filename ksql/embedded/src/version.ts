/** The ksqlDB release whose answers this server gives, said in /info. */
export const KSQLDB_VERSION = '7.9.0';
export const VERSION = `${KSQLDB_VERSION}-embedded`;
