import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { z } from 'zod';
import { dropCommand } from './command.ts';
import type { CommandChannel } from './command-channel.ts';
import { describeStatement, type Statement } from './read-statements.ts';

export interface DropPlan {
  ksqldb: KsqldbClient;
  channel: CommandChannel;
  /** All of the shop's statements. */
  statements: Statement[];
  logger: Logger;
}

const description = z.tuple([
  z.looseObject({
    sourceDescription: z.looseObject({
      readQueries: z.array(z.looseObject({ id: z.string(), sinks: z.array(z.string()) })),
    }),
  }),
]);

/**
 * Drops a stream or table with its query, and first the shop's other tables that read from it: ksqlDB refuses to drop what
 * is read. Topics stay.
 *
 * @throws ShopError when something else reads from it
 */
export async function dropWithReaders(statement: Statement, plan: DropPlan): Promise<void> {
  const { ksqldb, channel, statements, logger } = plan;
  const name = `\`${statement.name.replaceAll('`', '``')}\``;
  const parsed = description.safeParse(await ksqldb.execute(`DESCRIBE ${name};`));
  const readers = parsed.success ? parsed.data[0].sourceDescription.readQueries : [];
  for (const { id, sinks } of readers) {
    const [reader] = statements.filter((each) => sinks.includes(each.name));
    if (!reader)
      throw new ShopError(
        'table_read',
        `${describeStatement(statement)}: must be recreated, and query ${id} reads from it; TERMINATE ${id};`,
      );
    await dropWithReaders(reader, plan);
  }
  const answer = await channel.run(dropCommand(statement));
  logger.info({ statement: describeStatement(statement), answer }, 'dropped');
}
