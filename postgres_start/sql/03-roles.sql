-- Two groups hold the rights; no login is a group. 05-logins.sql makes SHOP_USER of postgres.config a member of
-- shop_services, and DEBEZIUM_USER a member of shop_capture.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_services') THEN
    CREATE ROLE shop_services NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_capture') THEN
    CREATE ROLE shop_capture NOLOGIN;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO shop_services, shop_capture', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO shop_services, shop_capture;

GRANT SELECT, INSERT, UPDATE, DELETE ON customers TO shop_services;
GRANT USAGE ON SEQUENCE customers_id_seq TO shop_services;
GRANT SELECT, INSERT ON products TO shop_services;

GRANT SELECT ON customers TO shop_capture;
