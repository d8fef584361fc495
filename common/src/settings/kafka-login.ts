import { readJaasConfig } from './jaas-config.ts';
import { type LayeredValues, refusePlaceholder, type Sourced } from './layered-values.ts';
import { hidden, SettingError } from './setting-error.ts';

type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaLogin {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

const mechanisms: Record<string, SaslMechanism> = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
};

/**
 * Reads the SASL login.
 *
 * @returns the login, and the place that it came from
 * @throws SettingError
 */
export function readLogin(values: LayeredValues): { login: KafkaLogin; source: string } {
  const named = values.get('sasl.mechanism') ?? values.get('sasl.mechanisms');
  const mechanism = mechanisms[named?.value.toUpperCase() ?? 'PLAIN'];
  if (named && !mechanism)
    throw new SettingError({ ...named, found: named.value, expected: `one of ${Object.keys(mechanisms).join(', ')}` });
  const { username, password, source } = readUser(values);
  return { login: { mechanism: mechanism ?? 'plain', username, password }, source };
}

interface User {
  username: string;
  password: string;
  source: string;
}

function readUser(values: LayeredValues): User {
  const jaas = values.get('sasl.jaas.config');
  const username = values.get('sasl.username');
  // The environment is the nearer layer: a user name there beats a JAAS line in the file.
  if (jaas && !(username?.file === 'environment' && jaas.file !== 'environment')) return readJaasUser(jaas, username);
  const user = values.require('sasl.username', 'the API key, or sasl.jaas.config with user name and password');
  const secret = values.require('sasl.password', 'the API secret that belongs to sasl.username');
  return { username: user.value, password: secret.value, source: `${user.file}: ${user.key}, ${secret.key}` };
}

function readJaasUser(jaas: Sourced, username: Sourced | undefined): User {
  const login = readJaasConfig(jaas.value);
  if (!login)
    throw new SettingError({
      ...jaas,
      found: hidden,
      expected: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
    });
  for (const value of [login.username, login.password]) refusePlaceholder({ ...jaas, value });
  if (username && username.value !== login.username)
    throw new SettingError({
      ...username,
      found: username.value,
      expected: 'the user name of sasl.jaas.config, or only one of the two',
    });
  return { username: login.username, password: login.password, source: `${jaas.file}: ${jaas.key}` };
}
