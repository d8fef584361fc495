import { readConfigFile } from './config-file.ts';
import { readCertificates } from './kafka-settings.ts';
import { layerValues } from './layered-values.ts';
import { SettingError } from './setting-error.ts';

export interface KsqldbSettings {
  /** Address without a slash at its end. */
  readonly endpoint: string;
  readonly auth?: { readonly username: string; readonly password: string };
  /** PEM certificates to trust besides the usual ones. */
  readonly ca?: string;
  /** Where address and login stand, for messages. */
  readonly source: { readonly endpoint: string; readonly login: string };
}

const keys = ['KSQLDB_ENDPOINT', 'KSQLDB_API_KEY', 'KSQLDB_API_SECRET', 'KSQLDB_CA_LOCATION'] as const;

/**
 * Reads config/ksqldb.config; variables of the same names in the environment win.
 *
 * @throws SettingError
 */
export function readKsqldbSettings(env: NodeJS.ProcessEnv = process.env): KsqldbSettings {
  const config = readConfigFile('ksqldb.config', env);
  const values = layerValues(config, env, { known: keys });
  const expected = 'an address like http://ksqldb:8088 or https://….confluent.cloud:443';
  const endpoint = values.require('KSQLDB_ENDPOINT', expected);
  const url = URL.canParse(endpoint.value) ? new URL(endpoint.value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username)
    throw new SettingError({
      ...endpoint,
      found: url?.username ? '(an address with a login in it)' : endpoint.value,
      expected,
    });
  const key = values.get('KSQLDB_API_KEY');
  const secret = key?.value
    ? values.require('KSQLDB_API_SECRET', 'the secret that belongs to KSQLDB_API_KEY')
    : undefined;
  const ca = values.get('KSQLDB_CA_LOCATION');
  return Object.freeze({
    endpoint: endpoint.value.replace(/\/+$/, ''),
    ...(key?.value && secret && { auth: { username: key.value, password: secret.value } }),
    ...(ca?.value && { ca: readCertificates(ca, config.dir) }),
    source: {
      endpoint: `${endpoint.file}: ${endpoint.key}`,
      login: `${(key ?? endpoint).file}: KSQLDB_API_KEY, KSQLDB_API_SECRET`,
    },
  });
}
