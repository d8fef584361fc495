-- What Debezium reads. Made here, so that its login needs no right to make publications.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'shop_customers') THEN
    CREATE PUBLICATION shop_customers FOR TABLE customers;
  END IF;
END
$$;
