import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openCourt } from '../support/open-verifier.ts';
import { historyChange } from '../support/records.ts';

type Step =
  | { do: 'move'; to: number }
  | { do: 'publish' }
  | { do: 'mark' }
  | { do: 'order' }
  | { do: 'ship'; back: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('move' as const), to: fc.nat(5) }),
  fc.record({ do: fc.constant('publish' as const) }),
  fc.record({ do: fc.constant('mark' as const) }),
  fc.record({ do: fc.constant('order' as const) }),
  fc.record({ do: fc.constant('ship' as const), back: fc.nat(4) }),
);

/**
 * A shop of one customer that does any steps in any order: the customer moves, ksqlDB publishes the next change, the audit
 * marks, an order is placed, the oldest open order is shipped to a version so many before the one published last.
 */
function runShop(steps: readonly Step[]) {
  const addresses = ['Street 0'];
  const court = openCourt();
  let changes = 0;
  const change = (address: string) =>
    court.history.add(historyChange({ offset: changes, at: changes++ }, changes === 1 ? 'c' : 'u', 1, address));
  change('Street 0');
  let published = -1;
  let placed = 0;
  const open: { publishedWhenPlaced: number; offset: number }[] = [];
  const convictable: boolean[] = [];
  let wrongly = 0;

  for (const each of steps) {
    if (each.do === 'move' && addresses.at(-1) !== `Street ${each.to}`) {
      addresses.push(`Street ${each.to}`);
      change(`Street ${each.to}`);
    } else if (each.do === 'publish' && published < addresses.length - 1) {
      published += 1;
      court.publish(1, addresses[published]);
    } else if (each.do === 'mark') court.shown.mark(court.shown.read, new Map([[0, placed]]));
    else if (each.do === 'order') open.push({ publishedWhenPlaced: published, offset: placed++ });
    else if (each.do === 'ship') {
      const order = open.shift();
      if (!order || published < 0) continue;
      const version = Math.max(0, published - each.back);
      const found = court.court.addresses.count;
      court.ship(10_000, { address: addresses[version] ?? '', order_offset: order.offset });
      court.problems();
      const isFound = court.court.addresses.count > found;
      // The look-up may have been made at any time since the order was placed.
      const isRight = addresses
        .slice(order.publishedWhenPlaced < 0 ? 0 : order.publishedWhenPlaced)
        .includes(addresses[version] ?? '');
      if (isRight && isFound) wrongly += 1;
      convictable.push(!isRight);
    }
  }
  return { wrongly, convicted: court.court.addresses.count, wrong: convictable.filter(Boolean).length };
}

test('no shipment is convicted that may be right, whatever the order of events', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const { wrongly, convicted, wrong } = runShop(steps);
      assert.equal(wrongly, 0);
      assert.ok(convicted <= wrong);
    }),
    { numRuns: 1_000 },
  );
});

test('with a mark after every row, every row that is too old is found', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const marked = steps.flatMap((each): Step[] => (each.do === 'publish' ? [each, { do: 'mark' }] : [each]));
      const { convicted, wrong } = runShop(marked);
      assert.equal(convicted, wrong);
      found += convicted;
    }),
    { numRuns: 1_000 },
  );
  assert.ok(found > 100, `${found} of them`);
});

test('nothing is remembered of customers who never were another', () => {
  const { publish, shown, history } = openCourt();
  for (let id = 1; id <= 100; id++) {
    history.add(historyChange({ offset: id }, 'c', id, 'Home'));
    publish(id, 'Home');
  }
  assert.deepEqual(shown.figures(), { read: 100, customers: 0, marks: 0 });
});

test('a customer of whom only another column changes keeps one version', () => {
  const { publish, shown, history } = openCourt([historyChange({ offset: 0 }, 'c', 1, 'A')]);
  publish(1, 'A');
  history.add(historyChange({ offset: 1 }, 'u', 1, 'A'));
  publish(1, 'A');
  assert.equal(shown.indexShownBy(1, 0), 1);
});

test('former rows are forgotten with the versions that the history forgets', () => {
  const { publish, shown, history } = openCourt([
    historyChange({ offset: 0 }, 'c', 1, 'A'),
    historyChange({ offset: 1 }, 'u', 1, 'B'),
  ]);
  publish(1, 'A');
  publish(1, 'B');
  assert.equal(shown.indexShownBy(1, 0), 1);
  history.forgetBefore(1, 1);
  shown.forgetFormer(1);
  assert.deepEqual([history.of(1).length, shown.figures().customers], [1, 0]);
});
