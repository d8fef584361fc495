import { KsqldbError } from './ksqldb-error.ts';

/** When this process reaches ksqlDB again, ms since the start of the process. */
let lostUntil = 0;

/** Lets every request of this process to ksqlDB fail for some time, as when ksqlDB is down. */
export function loseKsqldb(seconds: number): void {
  lostUntil = performance.now() + seconds * 1_000;
}

/** @throws KsqldbError while ksqlDB is lost */
export function requireKsqldb(): void {
  if (performance.now() >= lostUntil) return;
  throw new KsqldbError('ksqldb_away', 'no answer from ksqlDB: a command keeps this service away from it', {
    canRetry: true,
    neverSent: true,
  });
}
