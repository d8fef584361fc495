-- Every version of every customer: the audit's source. Triggers write it in the transaction that changes customers. The audit
-- cannot use the topic that Debezium writes, because that topic is under test.

CREATE SCHEMA IF NOT EXISTS audit;

CREATE TABLE IF NOT EXISTS audit.customer_history (
  -- Readers continue by transaction: below the oldest one that is still open, no row can appear any more.
  xact     xid8        NOT NULL DEFAULT pg_current_xact_id(),
  -- Changes of one customer are in the order of their commits, since a changed row is locked until its transaction ends.
  seq      bigint      GENERATED ALWAYS AS IDENTITY,
  -- c, u, d as in Debezium's events; u also by ALTER TABLE; t: truncated; r: found by comparing, when the history began or after
  -- triggers were missing.
  op       "char"      NOT NULL,
  id       bigint      NOT NULL,
  -- The row with whatever columns it has; NULL after d and t.
  customer jsonb,
  -- Shortly before the commit.
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (xact, seq)
);
CREATE INDEX IF NOT EXISTS customer_history_id ON audit.customer_history (id, seq);

-- A single row. Customers with ids up to forgotten_id may have been deleted without a trace in the history.
CREATE TABLE IF NOT EXISTS audit.history_state (
  single       boolean PRIMARY KEY DEFAULT true CHECK (single),
  forgotten_id bigint,
  -- The table that had the name customers at the last comparison.
  watched      oid,
  pruned_xact  xid8    NOT NULL DEFAULT '0',
  pruned_seq   bigint  NOT NULL DEFAULT 0
);
INSERT INTO audit.history_state DEFAULT VALUES ON CONFLICT DO NOTHING;
-- The result of column_versions() at the last comparison.
ALTER TABLE audit.history_state ADD COLUMN IF NOT EXISTS columns text;

-- Deletes versions whose next version is older than `keep`. Examines every row once, 1,000 rows a call.
CREATE OR REPLACE FUNCTION audit.prune_history(keep interval DEFAULT '24 hours') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  state audit.history_state;
BEGIN
  -- One transaction at a time prunes. The others do not wait for it.
  IF NOT pg_try_advisory_xact_lock(hashtext('audit.prune_history')) THEN
    RETURN;
  END IF;
  SELECT * INTO state FROM audit.history_state;
  WITH next AS (
    SELECT xact, seq, id, op, at FROM audit.customer_history
    WHERE (xact, seq) > (state.pruned_xact, state.pruned_seq)
    ORDER BY xact, seq LIMIT 1000
  ), due AS (
    SELECT * FROM next WHERE at < clock_timestamp() - keep
  ), gone AS (
    DELETE FROM audit.customer_history h USING due d
    WHERE h.id = d.id AND (h.seq < d.seq OR (h.seq = d.seq AND d.op IN ('d', 't')))
  ), last AS (
    SELECT xact, seq FROM due ORDER BY xact DESC, seq DESC LIMIT 1
  )
  UPDATE audit.history_state SET
    pruned_xact = last.xact,
    pruned_seq = last.seq,
    forgotten_id = greatest(forgotten_id, (SELECT max(id) FROM due WHERE op IN ('d', 't')))
  FROM last;
END
$$;

-- The whole row becomes JSON. So no change of the table's columns makes this fail, and with it the shop's transaction.
CREATE OR REPLACE FUNCTION audit.note_customers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  noted bigint;
BEGIN
  -- Triggers stay on a table that was renamed and is no longer customers.
  IF TG_TABLE_SCHEMA <> 'public' OR TG_TABLE_NAME <> 'customers' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit.customer_history (op, id)
    SELECT 't', (row ->> 'id')::bigint FROM (SELECT to_jsonb(c) AS row FROM public.customers c) AS rows WHERE row ? 'id';
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO audit.customer_history (op, id)
    SELECT 'd', (row ->> 'id')::bigint FROM (SELECT to_jsonb(o) AS row FROM old_rows o) AS rows WHERE row ? 'id';
  ELSE
    INSERT INTO audit.customer_history (op, id, customer)
    SELECT CASE TG_OP WHEN 'INSERT' THEN 'c'::"char" ELSE 'u'::"char" END, (row ->> 'id')::bigint, row
    FROM (SELECT to_jsonb(n) AS row FROM new_rows n) AS rows WHERE row ? 'id';
  END IF;
  GET DIAGNOSTICS noted = ROW_COUNT;
  -- Five rows are examined for each one that is written.
  IF random() * 200 < noted THEN
    PERFORM audit.prune_history();
  END IF;
  RETURN NULL;
END
$$;

-- The columns that the shop reads, as text like ksqlDB's.
CREATE OR REPLACE FUNCTION audit.read_columns(customer jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN customer IS NOT NULL THEN
    jsonb_build_array(customer ->> 'first_name', customer ->> 'last_name', customer ->> 'zipcode', customer ->> 'country',
                      customer ->> 'address')
  END
$$;

-- A text that differs after each ALTER TABLE of one of those columns. Such a statement may change values in every row, and no
-- row's trigger fires for that. ctid distinguishes two such statements in one transaction.
CREATE OR REPLACE FUNCTION audit.column_versions() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(format('%s/%s/%s', attname, xmin, ctid), ' ' ORDER BY attname), '') FROM pg_attribute
  WHERE attrelid = to_regclass('public.customers') AND NOT attisdropped
    AND attname IN ('first_name', 'last_name', 'zipcode', 'country', 'address')
$$;

-- Records the differences between customers and the history. A table that does not exist has no customers.
DROP FUNCTION IF EXISTS audit.compare_customers();
CREATE OR REPLACE FUNCTION audit.compare_customers(changed "char" DEFAULT 'r') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_there text := 'SELECT NULL::bigint AS id, NULL::jsonb AS row WHERE false';
BEGIN
  IF to_regclass('public.customers') IS NOT NULL THEN
    now_there := $query$
      SELECT (row ->> 'id')::bigint AS id, row FROM (SELECT to_jsonb(c) AS row FROM public.customers c) AS rows
      WHERE row ? 'id'
    $query$;
  END IF;
  EXECUTE format($query$
    INSERT INTO audit.customer_history (op, id, customer)
    SELECT CASE WHEN n.id IS NULL THEN 'd'::"char" ELSE %L::"char" END, coalesce(n.id, h.id), n.row
    FROM (SELECT DISTINCT ON (id) id, customer FROM audit.customer_history ORDER BY id, seq DESC) AS h
    FULL JOIN (%s) AS n ON n.id = h.id
    WHERE audit.read_columns(n.row) IS DISTINCT FROM audit.read_columns(h.customer)
  $query$, changed, now_there);
  -- The history knows nothing of customers who were deleted before it began.
  UPDATE audit.history_state SET
    forgotten_id = coalesce(forgotten_id, (SELECT max(id) FROM audit.customer_history), 0),
    watched = to_regclass('public.customers'),
    columns = audit.column_versions();
END
$$;

CREATE OR REPLACE FUNCTION audit.is_watched() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) = 4 FROM pg_trigger JOIN audit.history_state ON watched = tgrelid
  WHERE tgrelid = to_regclass('public.customers') AND tgenabled = 'A' AND tgfoid = to_regproc('audit.note_customers')
$$;

-- Creates the triggers on the table that has the name customers now, and records the changes that were missed.
CREATE OR REPLACE FUNCTION audit.watch_customers() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regclass('public.customers') IS NOT NULL THEN
    -- Locked before the row of history_state, in the order in which a transaction that changes customers locks them.
    LOCK TABLE public.customers IN SHARE ROW EXCLUSIVE MODE;
  END IF;
  IF to_regclass('public.customers') IS NOT NULL AND NOT audit.is_watched() THEN
    UPDATE audit.history_state SET watched = to_regclass('public.customers'), columns = audit.column_versions();
    CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON public.customers
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.note_customers();
    CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.customers
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.note_customers();
    CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON public.customers
      REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.note_customers();
    CREATE OR REPLACE TRIGGER audit_truncate BEFORE TRUNCATE ON public.customers
      FOR EACH STATEMENT EXECUTE FUNCTION audit.note_customers();
    -- One statement, because it fires the event trigger below, which must find all of it done. ALWAYS: with any
    -- session_replication_role.
    ALTER TABLE public.customers
      ENABLE ALWAYS TRIGGER audit_insert, ENABLE ALWAYS TRIGGER audit_update,
      ENABLE ALWAYS TRIGGER audit_delete, ENABLE ALWAYS TRIGGER audit_truncate;
  END IF;
  -- The audit must be able to read a swapped table before anything repairs it.
  IF to_regclass('public.customers') IS NOT NULL AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_audit') THEN
    GRANT SELECT ON public.customers TO shop_audit;
  END IF;
  PERFORM audit.compare_customers();
END
$$;

-- Follows a table that is dropped, created or swapped by rename, a disabled trigger, and an altered column. An error here must not
-- make a user's ALTER TABLE fail.
CREATE OR REPLACE FUNCTION audit.note_schema_change() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT audit.is_watched() THEN
    PERFORM audit.watch_customers();
  ELSIF (SELECT columns FROM audit.history_state) IS DISTINCT FROM audit.column_versions() THEN
    PERFORM audit.compare_customers('u');
  END IF;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'the history of customers has a gap until the next start of postgres_start: %', SQLERRM;
END
$$;

DROP EVENT TRIGGER IF EXISTS audit_schema_change;
SELECT audit.watch_customers();
CREATE EVENT TRIGGER audit_schema_change ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'DROP TABLE')
  EXECUTE FUNCTION audit.note_schema_change();
ALTER EVENT TRIGGER audit_schema_change ENABLE ALWAYS;

-- The audit's login, AUDIT_USER of postgres.config, is a member of this group. It reads and nothing else. Like 05-logins.sql, this
-- must not log a statement with a password in it.
DO $$
DECLARE
  login text := current_setting('shop.audit_user');
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_audit') THEN
    CREATE ROLE shop_audit NOLOGIN;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO shop_audit', current_database());
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = login AND rolsuper) THEN
    RAISE 'config/postgres.config: "%" is a superuser, which AUDIT_USER may not be', login;
  ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
    EXECUTE format('CREATE ROLE %I', login);
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN NOREPLICATION PASSWORD %L', login, current_setting('shop.audit_password'));
  EXECUTE format('GRANT shop_audit TO %I', login);
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA public, audit TO shop_audit;
GRANT SELECT ON customers, audit.customer_history, audit.history_state TO shop_audit;
