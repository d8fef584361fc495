-- The shop's two tables. Every file here may run again at any time: it is applied on each start.

-- Ids come from a sequence that belongs to no table. DROP TABLE and TRUNCATE … RESTART IDENTITY do not reset it, so no id
-- is given to a second customer.
CREATE SEQUENCE IF NOT EXISTS customers_id_seq AS bigint;

CREATE TABLE IF NOT EXISTS customers (
  id         bigint PRIMARY KEY DEFAULT nextval('customers_id_seq'),
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

-- Releases before 0.2 made an identity column, whose sequence belongs to the table.
DO $$
DECLARE
  owned    text;
  next_id  bigint;
  other_id bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'id' AND attidentity <> '') THEN
    RETURN;
  END IF;
  LOCK TABLE customers IN ACCESS EXCLUSIVE MODE;
  owned := pg_get_serial_sequence('customers', 'id');
  EXECUTE format('SELECT last_value + is_called::int FROM %s', owned) INTO next_id;
  ALTER TABLE customers ALTER COLUMN id DROP IDENTITY;
  CREATE SEQUENCE IF NOT EXISTS customers_id_seq AS bigint;
  EXECUTE 'SELECT last_value + is_called::int FROM customers_id_seq' INTO other_id;
  PERFORM setval('customers_id_seq', greatest(next_id, other_id, (SELECT max(id) + 1 FROM customers)), false);
  ALTER TABLE customers ALTER COLUMN id SET DEFAULT nextval('customers_id_seq');
END
$$;
