import { askKsqldb, KsqldbError, type KsqldbSettings, readQuestion, ShopError } from '@shop/common';
import { z } from 'zod';
import type { QueryAnswer } from '../messages/query.ts';
import { createPostDoor, type Guards, type PostDoor, Refused } from './post-door.ts';

/** Queries that run at once, of all visitors together. */
const mostAtOnce = 4;

const query = z.strictObject({ sql: z.string() });

interface QueryDoor extends Guards {
  ksqldb: KsqldbSettings;
}

/** Answers `POST /query`: asks ksqlDB what a visitor wants to know. The query is closed when the visitor leaves. */
export function createQueryDoor({ ksqldb, ...guards }: QueryDoor): PostDoor {
  let running = 0;
  return createPostDoor(guards, { one: 'query', many: 'queries' }, async (posted, left) => {
    const question = readPosted(posted);
    if (running >= mostAtOnce) throw new Refused(503, `${mostAtOnce} queries run already. Try again in a few seconds.`);
    running += 1;
    try {
      const body: QueryAnswer = await askKsqldb(ksqldb, question, left);
      return { status: 200, body };
    } catch (error) {
      throw toRefusal(error);
    } finally {
      running -= 1;
    }
  });
}

function readPosted(posted: object) {
  const { data } = query.safeParse(posted);
  if (!data) throw new Refused(400, 'Send {"sql":"SELECT …"}.');
  try {
    return readQuestion(data.sql);
  } catch (error) {
    throw toRefusal(error);
  }
}

/** ksqlDB's own words where it answered. */
function toRefusal(error: unknown): unknown {
  if (error instanceof KsqldbError) return new Refused(error.canRetry ? 503 : 400, error.words ?? error.message);
  return error instanceof ShopError ? new Refused(400, error.message) : error;
}
