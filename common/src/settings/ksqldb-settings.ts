import { readConfigFile } from './config-file.ts';
import { type LayeredValues, layerValues } from './layered-values.ts';
import { certificatesIn, readPemFile } from './pem.ts';
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
  const endpoint = readEndpoint(values, env);
  const auth = readAuth(values);
  const ca = values.get('KSQLDB_CA_LOCATION');
  return Object.freeze({
    endpoint: endpoint.url,
    ...(auth && { auth }),
    ...(ca?.value && { ca: certificatesIn(ca, readPemFile(ca, config.dir)) }),
    source: {
      endpoint: endpoint.source,
      login: `${values.find('KSQLDB_API_KEY')?.file ?? config.name}: KSQLDB_API_KEY, KSQLDB_API_SECRET`,
    },
  });
}

function readEndpoint(values: LayeredValues, env: NodeJS.ProcessEnv): { url: string; source: string } {
  const expected = 'an address like http://ksqldb:8088 or https://….confluent.cloud:443';
  const endpoint = values.require('KSQLDB_ENDPOINT', expected);
  const url = URL.canParse(endpoint.value) ? new URL(endpoint.value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username)
    throw new SettingError({
      ...endpoint,
      found: url?.username ? '(an address with a login in it)' : endpoint.value,
      expected,
    });
  const [address = ''] = /^https?:\/\/[^/?#]+/i.exec(endpoint.value) ?? [];
  if (url.pathname !== '/' || url.search || url.hash)
    throw new SettingError({ ...endpoint, found: endpoint.value, expected: `the address without a path: ${address}` });
  // `npm run audit` names what it took the address from.
  const from = endpoint.file === 'environment' ? env['KSQLDB_ENDPOINT_FROM'] : undefined;
  return { url: address, source: from || `${endpoint.file}: ${endpoint.key}` };
}

function readAuth(values: LayeredValues): KsqldbSettings['auth'] {
  if (!values.find('KSQLDB_API_KEY', 'KSQLDB_API_SECRET')) return undefined;
  const key = values.require('KSQLDB_API_KEY', 'the key that belongs to KSQLDB_API_SECRET');
  const secret = values.require('KSQLDB_API_SECRET', 'the secret that belongs to KSQLDB_API_KEY');
  return { username: key.value, password: secret.value };
}
