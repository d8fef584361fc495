-- The shop's two tables. Every file here may run again at any time: it is applied on each start.

CREATE TABLE IF NOT EXISTS customers (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_name text NOT NULL,
  last_name  text NOT NULL,
  zipcode    text NOT NULL,
  country    text NOT NULL,
  address    text NOT NULL
);

CREATE TABLE IF NOT EXISTS products (
  id      bigint PRIMARY KEY,
  product text NOT NULL UNIQUE
);

-- The key is all that a change event of a deleted customer has to carry, so the write-ahead log need not hold the old row.
ALTER TABLE customers REPLICA IDENTITY DEFAULT;
