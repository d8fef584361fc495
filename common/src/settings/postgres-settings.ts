import { readConfigFile } from './config-file.ts';
import { layerValues } from './layered-values.ts';
import { SettingError } from './setting-error.ts';

interface PostgresLogin {
  readonly user: string;
  readonly password: string;
}

export interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The services' login: reads and writes customers, reads products. */
  readonly shop: PostgresLogin;
  /** The connector's login: replicates, reads customers. */
  readonly debezium: PostgresLogin;
  /** The audit's login: reads customers and their history. */
  readonly audit: PostgresLogin;
  /** Where address and logins stand, for messages. */
  readonly source: { readonly address: string; readonly shopLogin: string };
}

const keys = [
  'POSTGRES_HOST',
  'POSTGRES_PORT',
  'POSTGRES_DB',
  'SHOP_USER',
  'SHOP_PASSWORD',
  'DEBEZIUM_USER',
  'DEBEZIUM_PASSWORD',
  'AUDIT_USER',
  'AUDIT_PASSWORD',
] as const;

/**
 * Reads config/postgres.config; variables of the same names in the environment win.
 *
 * @throws SettingError
 */
export function readPostgresSettings(env: NodeJS.ProcessEnv = process.env): PostgresSettings {
  const config = readConfigFile('postgres.config', env);
  const values = layerValues(config, env, { known: keys });
  const host = values.require('POSTGRES_HOST', 'a host name or address');
  const port = values.require('POSTGRES_PORT', 'a port');
  if (!/^\d{1,5}$/.test(port.value) || Number(port.value) < 1 || Number(port.value) > 65535)
    throw new SettingError({ ...port, found: port.value, expected: 'a port from 1 to 65535' });
  const readLogin = (who: 'SHOP' | 'DEBEZIUM' | 'AUDIT') => ({
    user: values.require(`${who}_USER`, 'the name of a Postgres role').value,
    password: values.require(`${who}_PASSWORD`, 'that role’s password').value,
  });
  return Object.freeze({
    host: host.value,
    port: Number(port.value),
    database: values.require('POSTGRES_DB', 'the name of the database').value,
    shop: readLogin('SHOP'),
    debezium: readLogin('DEBEZIUM'),
    audit: readLogin('AUDIT'),
    source: {
      address: `${host.file}: ${host.key}, ${port.key}`,
      shopLogin: `${config.name}: SHOP_USER, SHOP_PASSWORD`,
    },
  });
}
