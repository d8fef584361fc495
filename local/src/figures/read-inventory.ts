import { createKsqldbClient, type KsqldbSettings } from '@shop/common';

/** The rows of FINAL_INVENTORY as ksqlDB answers them, one object a product with its columns in lower case. */
export async function readInventory(settings: KsqldbSettings): Promise<Record<string, unknown>[]> {
  const ksqldb = createKsqldbClient(settings, { timeoutMs: 30_000 });
  try {
    const { columnNames, rows } = await ksqldb.pull('SELECT * FROM FINAL_INVENTORY;');
    return rows.map((row) => Object.fromEntries(columnNames.map((name, index) => [name.toLowerCase(), row[index]])));
  } finally {
    ksqldb.close();
  }
}
