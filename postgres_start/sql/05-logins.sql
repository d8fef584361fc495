-- The logins of postgres.config, whose values the caller puts into the session:
-- shop.shop_user, shop.shop_password, shop.debezium_user, shop.debezium_password.

-- A statement that fails is logged, and here it would have a password in it.
SET log_min_error_statement = panic;
SET log_error_verbosity = terse;

DO $$
DECLARE
  shop     text := current_setting('shop.shop_user');
  debezium text := current_setting('shop.debezium_user');
  login    text;
  mark     text := format('login of the shop, database %s', current_database());
BEGIN
  FOREACH login IN ARRAY ARRAY[shop, debezium] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = login AND rolsuper) THEN
      RAISE 'config/postgres.config: "%" is a superuser, which neither login may be', login;
    ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
      EXECUTE format('CREATE ROLE %I', login);
    END IF;
  END LOOP;
  EXECUTE format('ALTER ROLE %I LOGIN NOREPLICATION PASSWORD %L', shop, current_setting('shop.shop_password'));
  EXECUTE format('ALTER ROLE %I LOGIN REPLICATION PASSWORD %L', debezium, current_setting('shop.debezium_password'));
  EXECUTE format('GRANT shop_services TO %I', shop);
  EXECUTE format('GRANT shop_capture TO %I', debezium);

  -- A login that postgres.config no longer names. Roles belong to the whole server, so a comment on the role names its
  -- database.
  FOR login IN SELECT rolname FROM pg_roles
               WHERE shobj_description(oid, 'pg_authid') = mark AND rolname NOT IN (shop, debezium) AND NOT rolsuper LOOP
    EXECUTE format('ALTER ROLE %I NOLOGIN NOREPLICATION PASSWORD NULL', login);
    EXECUTE format('REVOKE shop_services, shop_capture FROM %I', login);
    EXECUTE format('COMMENT ON ROLE %I IS NULL', login);
  END LOOP;
  FOREACH login IN ARRAY ARRAY[shop, debezium] LOOP
    EXECUTE format('COMMENT ON ROLE %I IS %L', login, mark);
  END LOOP;
END
$$;
