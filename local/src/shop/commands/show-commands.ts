import type { ServiceContext } from '@shop/common';
import type { Command } from 'commander';
import { formatCell, formatTable } from '../format-table.ts';
import { formatAnswer, queryKsqldb } from '../query-ksqldb.ts';
import { readShopStatus } from '../read-shop-status.ts';
import { readShopStory, type ShopStory } from '../read-shop-story.ts';
import { given, whole } from './parse-arguments.ts';
import { optionsOf, print, run, send } from './run-command.ts';

/** Commands that show the shop. `order` also orders. */
export function addShowCommands(program: Command): void {
  program
    .command('status')
    .description('the state of each service')
    .action((_, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const services = await readShopStatus(context);
        const rows = services.map(({ service, instance, state, since, waiting_for, silent_ms, last_error }) => [
          service,
          instance,
          state,
          since,
          `${Math.round(silent_ms / 1_000)} s ago`,
          [...waiting_for.map((each) => `waits for ${each}`), ...(last_error ? [last_error.message] : [])].join('; '),
        ]);
        const heads = ['service', 'instance', 'state', 'since', 'reported', 'waits for, last error'];
        print(
          options,
          services,
          formatTable(
            heads,
            rows.map((row) => row.map(formatCell)),
          ),
        );
        return 0;
      });
    });

  program
    .command('customer')
    .argument('<search>', 'the id or name of a customer')
    .description('what happened to a customer')
    .action((search: string, _, command: Command) => showStory(search, command));

  program
    .command('order')
    .argument('<id>', 'the id of an order to show, or of a customer who orders')
    .argument('[product]', 'orders this product')
    .argument('[quantity]', 'pieces', whole)
    .description('what happened to an order; with a product: orders it for a customer')
    .action((id: string, product: string | undefined, quantity: number | undefined, _, command: Command) => {
      if (product === undefined) return showStory(id, command);
      if (!/^\d{1,15}$/.test(id)) return command.error("error: expected a customer's id before the product");
      return send(command, {
        target: 'order-service',
        command: 'order',
        customer_id: Number(id),
        product,
        ...given({ quantity }),
      });
    });

  program
    .command('query')
    .argument('<sql>', 'SELECT, SHOW, LIST, DESCRIBE or EXPLAIN')
    .description("asks the shop's ksqlDB")
    .action((sql: string, _, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const found = await queryKsqldb(sql, context);
        print(options, 'answer' in found ? found.answer : found, formatAnswer(found));
        return 0;
      });
    });
}

function showStory(search: string, command: Command): Promise<never> {
  const options = optionsOf(command);
  return run(options, async (context: ServiceContext) => {
    const story = await readShopStory(search, context);
    print(options, story, describeStory(story));
    return story.events.length > 0 || story.candidates.length > 0 ? 0 : 1;
  });
}

function describeStory({ customer, events, candidates }: ShopStory): string {
  if (candidates.length > 0)
    return formatTable(
      ['customer', 'name', 'country'],
      candidates.map(({ id, name, country }) => [String(id), formatCell(name), formatCell(country)]),
    );
  if (events.length === 0) return 'The page has no event of it. It keeps the last 30,000 messages.';
  const rows = events.map(({ topic, timestamp, value }) => [
    new Date(timestamp).toISOString(),
    topic,
    formatCell(value),
  ]);
  const title = customer ? `customer ${customer.id}, ${formatCell(customer.name ?? 'name unknown')}\n\n` : '';
  return `${title}${formatTable(['time', 'topic', 'message'], rows)}`;
}
