import { createHash, timingSafeEqual } from 'node:crypto';
import { KsqlError } from '../errors.ts';

const generic = (status: number, code: number, message: string): KsqlError =>
  new KsqlError(message, { status, code, statementText: null });
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares the header with `user` (`name:password`) in constant time. */
export function checkAuthorization(header: string | undefined, user: string): void {
  const [, scheme, credentials] = /^(\S+)\s+(.*)$/.exec(header ?? '') ?? [];
  if (scheme?.toLowerCase() !== 'basic') throw generic(401, 40100, 'Unauthorized');
  if (!/^[A-Za-z0-9+/]+=*$/.test(credentials ?? '')) throw generic(400, 50000, 'Bad Request');
  const given = Buffer.from(credentials ?? '', 'base64').toString('utf8');
  if (!timingSafeEqual(digest(given), digest(user))) throw generic(401, 40100, 'Unauthorized');
}
