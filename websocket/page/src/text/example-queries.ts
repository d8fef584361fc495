/** A query to start from. */
interface ExampleQuery {
  name: string;
  sql: string;
  /** What it shows. */
  about: string;
}

/** Queries of the shop's tables and streams (ksql/statements). */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    name: 'One customer',
    sql: 'SELECT * FROM CUSTOMERS WHERE ID = 1;',
    about: 'A pull query: the row as it is now. shipping-service asks the same way just before a parcel leaves.',
  },
  {
    name: 'Customers as they change',
    sql: 'SELECT ID, FIRST_NAME, LAST_NAME, ADDRESS FROM CUSTOMERS EMIT CHANGES LIMIT 5;',
    about: 'A push query of a table: the next five changes, as they happen.',
  },
  {
    name: 'Orders as they arrive',
    sql: 'SELECT CUSTOMER->LAST_NAME AS NAME, "order"->PRODUCT AS PRODUCT, "order"->QUANTITY AS QUANTITY FROM ORDERS_BASE EMIT CHANGES LIMIT 5;',
    about:
      'A push query of a stream: the next five orders. A stream has every message, a table only the last one of each key.',
  },
  {
    name: 'The stock',
    sql: 'SELECT * FROM FINAL_INVENTORY;',
    about: 'A pull query of all rows. ksqlDB computes the stock from refills and orders.',
  },
  {
    name: 'All tables',
    sql: 'SHOW TABLES;',
    about: 'Every table, and the topic that holds it.',
  },
  {
    name: 'How the stock is made',
    sql: 'DESCRIBE FINAL_INVENTORY EXTENDED;',
    about: 'The columns of a table, and the statement that fills it.',
  },
];
