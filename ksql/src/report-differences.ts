import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { z } from 'zod';
import { readColumns } from './columns.ts';
import { describeStatement, type Statement } from './read-statements.ts';

const answers = z.tuple([
  z.looseObject({
    sourceDescription: z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) }),
  }),
]);

/**
 * Logs which streams and tables have other columns than their statements. An existing one is never changed, so an
 * edited statement would otherwise have no effect and no message.
 *
 * @throws KsqldbError when it cannot be asked now
 */
export async function reportDifferences(ksqldb: KsqldbClient, statements: Statement[], logger: Logger): Promise<void> {
  for (const statement of statements) {
    const wanted = readColumns(statement);
    const found = wanted && (await readFields(ksqldb, statement));
    if (!wanted || !found || isSame(wanted, found)) continue;
    logger.warn(
      { statement: describeStatement(statement), wanted, found },
      'ksqlDB has other columns; DROP it and what reads from it, and it is recreated',
    );
  }
}

/** ksqlDB lists the key first, wherever the statement has it. */
const isSame = (one: string[], other: string[]) => String(one.toSorted()) === String(other.toSorted());

async function readFields(ksqldb: KsqldbClient, { name }: Statement): Promise<string[] | undefined> {
  try {
    const parsed = answers.safeParse(await ksqldb.execute(`DESCRIBE \`${name.replaceAll('`', '``')}\`;`));
    return parsed.success ? parsed.data[0].sourceDescription.fields.map((field) => field.name) : undefined;
  } catch (error) {
    // Dropped since it was listed; the next round sees that.
    if (error instanceof ShopError && !error.canRetry) return undefined;
    throw error;
  }
}
