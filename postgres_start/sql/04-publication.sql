-- What Debezium needs of the table customers. prepare_capture() may also be called while the shop runs, with the services' login,
-- which has no right to do these things itself.

-- Turns a TRUNCATE into deletions. Debezium would send "truncated" in a message without a key, which a compacted topic refuses.
CREATE OR REPLACE FUNCTION delete_before_truncate() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  EXECUTE format('DELETE FROM %s', TG_RELID::regclass);
  RETURN NULL;
END
$$;

-- Keeps texts out of the table that would make a change event larger than a message. A longer text that was in the table before
-- may stay or get shorter, so the row can still be changed. Columns that others add are not captured and may hold anything.
CREATE OR REPLACE FUNCTION refuse_long_texts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Five texts of this length, each character escaped to 6 bytes, before and after the change: 600 kB. A message may have 1 MiB.
  longest CONSTANT int := 10000;
  old_row jsonb := '{}';
  too_long record;
BEGIN
  -- Nearly every row: all of its texts together are shorter.
  IF length(NEW::text) <= longest THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    old_row := to_jsonb(OLD);
  END IF;
  SELECT key, length(value) AS characters INTO too_long FROM jsonb_each_text(to_jsonb(NEW))
  WHERE key IN ('first_name', 'last_name', 'zipcode', 'country', 'address')
    AND length(value) > greatest(longest, length(old_row ->> key))
  LIMIT 1;
  IF FOUND THEN
    RAISE check_violation USING
      MESSAGE = format('%s.%s of the customer with id %s: found %s characters, expected at most %s',
                       TG_TABLE_NAME, too_long.key, to_jsonb(NEW) ->> 'id', too_long.characters, longest),
      TABLE = TG_TABLE_NAME, COLUMN = too_long.key, CONSTRAINT = too_long.key || '_fits_message';
  END IF;
  RETURN NEW;
END
$$;

-- Prepares the table and its publication, also a table that was dropped or swapped for another one. Changes only what differs.
CREATE OR REPLACE FUNCTION prepare_capture() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  customers_oid oid := to_regclass('public.customers');
  name text;
BEGIN
  IF customers_oid IS NULL THEN
    RAISE 'the table customers does not exist; restart postgres_start, which creates it';
  END IF;

  IF NOT EXISTS (SELECT FROM pg_index WHERE indrelid = customers_oid AND indisprimary) THEN
    ALTER TABLE customers ADD PRIMARY KEY (id);
  END IF;
  IF EXISTS (SELECT FROM pg_attribute
             WHERE attrelid = customers_oid AND attname = 'id' AND NOT atthasdef AND attidentity = '') THEN
    ALTER TABLE customers ALTER COLUMN id SET DEFAULT nextval('customers_id_seq');
  END IF;
  -- The whole old row in each event. Otherwise a long text that did not change arrives as a placeholder.
  IF (SELECT relreplident FROM pg_class WHERE oid = customers_oid) <> 'f' THEN
    ALTER TABLE customers REPLICA IDENTITY FULL;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = customers_oid AND tgname = 'delete_before_truncate' AND tgenabled = 'A') THEN
    CREATE OR REPLACE TRIGGER delete_before_truncate BEFORE TRUNCATE ON customers EXECUTE FUNCTION delete_before_truncate();
    ALTER TABLE customers ENABLE ALWAYS TRIGGER delete_before_truncate;
  END IF;
  -- A CHECK (0.2 before its release) also refused every other change of a row whose text was too long already.
  FOR name IN SELECT conname FROM pg_constraint
              WHERE conrelid = customers_oid AND contype = 'c' AND conname LIKE '%\_fits\_message' LOOP
    EXECUTE format('ALTER TABLE customers DROP CONSTRAINT %I', name);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = customers_oid AND tgname = 'refuse_long_texts' AND tgenabled = 'A') THEN
    CREATE OR REPLACE TRIGGER refuse_long_texts BEFORE INSERT OR UPDATE ON customers
      FOR EACH ROW EXECUTE FUNCTION refuse_long_texts();
    ALTER TABLE customers ENABLE ALWAYS TRIGGER refuse_long_texts;
  END IF;
  GRANT SELECT, INSERT, UPDATE, DELETE ON customers TO shop_services;
  GRANT SELECT ON customers TO shop_capture;

  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'shop_customers') THEN
    CREATE PUBLICATION shop_customers FOR TABLE customers;
  ELSIF NOT EXISTS (SELECT FROM pg_publication_tables
                    WHERE pubname = 'shop_customers' AND schemaname = 'public' AND tablename = 'customers'
                      AND rowfilter IS NULL
                      AND attnames @> (SELECT array_agg(attname) FROM pg_attribute
                                       WHERE attrelid = customers_oid AND attnum > 0 AND NOT attisdropped)) THEN
    ALTER PUBLICATION shop_customers SET TABLE customers;
  END IF;
  IF NOT (SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_publication
          WHERE pubname = 'shop_customers') THEN
    ALTER PUBLICATION shop_customers SET (publish = 'insert, update, delete, truncate');
  END IF;
END
$$;

-- Drops a slot before Debezium takes a new snapshot, lost or not. Debezium then creates another one, whose snapshot and stream of
-- changes meet exactly. A process that still uses the slot is ended: its connector has been stopped.
CREATE OR REPLACE FUNCTION drop_capture_slot(slot text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_terminate_backend(active_pid, 5000)
  FROM pg_replication_slots
  WHERE slot_name = slot AND database = current_database() AND active;
  SELECT pg_drop_replication_slot(slot_name)
  FROM pg_replication_slots
  WHERE slot_name = slot AND database = current_database();
$$;

REVOKE ALL ON FUNCTION prepare_capture(), drop_capture_slot(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prepare_capture(), drop_capture_slot(text) TO shop_services;

SELECT prepare_capture();
