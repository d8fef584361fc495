import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openVerifier } from '../support/open-verifier.ts';
import { historyChange } from '../support/records.ts';

type Step =
  | { do: 'move'; to: number }
  | { do: 'publish' }
  | { do: 'checkpoint' }
  | { do: 'order' }
  | { do: 'ship'; back: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('move' as const), to: fc.nat(5) }),
  fc.record({ do: fc.constant('publish' as const) }),
  fc.record({ do: fc.constant('checkpoint' as const) }),
  fc.record({ do: fc.constant('order' as const) }),
  fc.record({ do: fc.constant('ship' as const), back: fc.nat(4) }),
);

/**
 * Runs a shop of one customer through any steps in any order: the customer moves, ksqlDB publishes the next change, the audit
 * takes a checkpoint, an order is placed, the oldest open order is shipped to an address `back` versions before the published one.
 */
function runShop(steps: readonly Step[]) {
  const addresses = ['Street 0'];
  const shop = openVerifier();
  let changes = 0;
  const change = (address: string) =>
    shop.history.add(historyChange({ offset: changes, at: changes++ }, changes === 1 ? 'c' : 'u', 1, address));
  change('Street 0');
  let published = -1;
  let placed = 0;
  const open: { publishedWhenPlaced: number; offset: number }[] = [];
  const wrongShipments: boolean[] = [];
  let falseReports = 0;

  for (const step of steps) {
    if (step.do === 'move' && addresses.at(-1) !== `Street ${step.to}`) {
      addresses.push(`Street ${step.to}`);
      change(`Street ${step.to}`);
    } else if (step.do === 'publish' && published < addresses.length - 1) {
      published += 1;
      shop.publish(1, addresses[published]);
    } else if (step.do === 'checkpoint') shop.ksqldbRows.addCheckpoint(shop.ksqldbRows.read, new Map([[0, placed]]));
    else if (step.do === 'order') open.push({ publishedWhenPlaced: published, offset: placed++ });
    else if (step.do === 'ship') {
      const order = open.shift();
      if (!order || published < 0) continue;
      const version = Math.max(0, published - step.back);
      const before = shop.verifier.addressFindings.count;
      shop.ship(10_000, { address: addresses[version] ?? '', order_offset: order.offset });
      shop.problems();
      const isReported = shop.verifier.addressFindings.count > before;
      // The look-up may have been made at any time since the order was placed.
      const isRight = addresses
        .slice(order.publishedWhenPlaced < 0 ? 0 : order.publishedWhenPlaced)
        .includes(addresses[version] ?? '');
      if (isRight && isReported) falseReports += 1;
      wrongShipments.push(!isRight);
    }
  }
  return { falseReports, reported: shop.verifier.addressFindings.count, wrong: wrongShipments.filter(Boolean).length };
}

test('no shipment that may be correct is reported, in any order of events', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 20, maxLength: 80 }), (steps) => {
      const { falseReports, reported, wrong } = runShop(steps);
      assert.equal(falseReports, 0);
      assert.ok(reported <= wrong);
    }),
    { numRuns: 1_000 },
  );
});

test('with a checkpoint after every row, every outdated address is reported', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 20, maxLength: 80 }), (steps) => {
      const withCheckpoints = steps.flatMap((step): Step[] =>
        step.do === 'publish' ? [step, { do: 'checkpoint' }] : [step],
      );
      const { reported, wrong } = runShop(withCheckpoints);
      assert.equal(reported, wrong);
      found += reported;
    }),
    { numRuns: 1_000 },
  );
  assert.ok(found > 100, `only ${found} outdated addresses`);
});

test('rows of customers who never changed are not remembered', () => {
  const { publish, ksqldbRows, history } = openVerifier();
  for (let id = 1; id <= 100; id++) {
    history.add(historyChange({ offset: id }, 'c', id, 'Home'));
    publish(id, 'Home');
  }
  assert.deepEqual(ksqldbRows.figures(), { read: 100, customers: 0, checkpoints: 0 });
});

test('a change of another column does not add a version', () => {
  const { publish, ksqldbRows, history } = openVerifier([historyChange({ offset: 0 }, 'c', 1, 'A')]);
  publish(1, 'A');
  history.add(historyChange({ offset: 1 }, 'u', 1, 'A'));
  publish(1, 'A');
  assert.equal(ksqldbRows.publishedIndex(1, 0), 1);
});

test('rows are forgotten with the versions that the history forgets', () => {
  const { publish, ksqldbRows, history } = openVerifier([
    historyChange({ offset: 0 }, 'c', 1, 'A'),
    historyChange({ offset: 1 }, 'u', 1, 'B'),
  ]);
  publish(1, 'A');
  publish(1, 'B');
  assert.equal(ksqldbRows.publishedIndex(1, 0), 1);
  history.forgetBefore(1, 1);
  ksqldbRows.forgetFormer(1);
  assert.deepEqual([history.versionsOf(1).length, ksqldbRows.figures().customers], [1, 0]);
});
