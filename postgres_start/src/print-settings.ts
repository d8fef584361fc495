import { exportForShell, readPostgresSettings } from '@shop/common';

/** For start.sh: the name of the database and the logins that its roles get. */
await exportForShell((env) => {
  const { database, shop, debezium, audit } = readPostgresSettings(env);
  return {
    POSTGRES_DB: database,
    SHOP_USER: shop.user,
    SHOP_PASSWORD: shop.password,
    DEBEZIUM_USER: debezium.user,
    DEBEZIUM_PASSWORD: debezium.password,
    AUDIT_USER: audit.user,
    AUDIT_PASSWORD: audit.password,
  };
});
