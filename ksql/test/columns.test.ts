import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readColumns } from '../src/columns.ts';
import { readScript, readStatements } from '../src/read-statements.ts';

const columnsOf = (statement: string) => readScript(`CREATE ${statement};`, 'x').map(readColumns)[0];

test('the columns of the shipped statements, as the real ksqlDB lists them', () => {
  const shipped = readStatements(fileURLToPath(new URL('../statements', import.meta.url)));
  assert.deepEqual(Object.fromEntries(shipped.map((statement) => [statement.name, readColumns(statement)])), {
    CUSTOMER_CHANGES: ['ID', 'BEFORE', 'AFTER', 'OP', 'TS_MS'],
    CUSTOMERS: ['ID', 'OP', 'CHANGED_AT', 'FIRST_NAME', 'LAST_NAME', 'ZIPCODE', 'COUNTRY', 'ADDRESS'],
    REFILLS_BASE: ['PRODUCT_KEY', 'ID', 'PRODUCT', 'REFILL'],
    LATEST_INVENTORY: ['PRODUCT', 'TOTAL_REFILLS'],
    ORDERS_BASE: ['ORDER_ID', 'CUSTOMER', 'order', 'ORDERED_AT'],
    TOTAL_ORDERS: ['PRODUCT', 'QUANTITY'],
    FINAL_INVENTORY: ['PRODUCT', 'PRODUCT_NAME', 'TOTAL_REFILLS', 'QUANTITY', 'MOVING_INVENTORY'],
  });
});

test('commas inside of types, calls and texts separate no columns', () => {
  assert.deepEqual(columnsOf("STREAM IF NOT EXISTS a (x DECIMAL(10, 2), y MAP<VARCHAR, INT>) WITH (KAFKA_TOPIC='t')"), [
    'X',
    'Y',
  ]);
  assert.deepEqual(columnsOf("TABLE IF NOT EXISTS a AS SELECT k, CONCAT(b, ',', 'FROM') AS `c` FROM s EMIT CHANGES"), [
    'K',
    'c',
  ]);
});

for (const statement of [
  'TABLE IF NOT EXISTS a AS SELECT * FROM s',
  'TABLE IF NOT EXISTS a AS SELECT k, COUNT(*) FROM s GROUP BY k',
  "STREAM IF NOT EXISTS a WITH (KAFKA_TOPIC='t')",
])
  test(`unknown from the text alone: ${statement}`, () => {
    assert.equal(columnsOf(statement), undefined);
  });
