import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  findFreePort,
  makeDataFolder,
  type ServiceProcess,
  type StandAlone,
  startBroker,
  startServiceProcess,
} from '@shop/test-support';
import { type Certificates, clientName, makeCertificates, type ServerFiles } from './certificates.ts';
import { type CloudAccess, pasted, type Style } from './pasted.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const ksqldbMain = new URL('../../ksql/embedded/src/main.ts', import.meta.url);

/** Kafka with SASL_SSL and PLAIN, and ksqlDB with TLS and Basic auth, like Confluent Cloud, but on loopback. */
export interface Cloud {
  certificates: Certificates;
  kafka: CloudAccess;
  ksqldb: { endpoint: string; key: string; secret: string };
  /** A login without permissions, unless a test grants some. */
  limited: { key: string; secret: string };
  /** The port of Kafka's other listener, which needs no login, for the test. */
  plainPort: number;
  /** Creates a CONFIG_DIR with the texts that users paste from the cloud's console. */
  writeConfig(options?: ConfigOptions): string;
}

export interface ConfigOptions {
  style?: Style;
  kafka?: Partial<CloudAccess>;
  ksqldb?: Partial<Cloud['ksqldb']>;
  /** Leaves out the authority's certificate. */
  withoutCa?: boolean;
  /** The client certificate, for styles with one. */
  client?: ServerFiles;
}

export interface CloudOptions {
  /** The certificate of both servers. */
  certificate?: 'server' | 'expired';
  /** Whether Kafka requires a client certificate instead of a login. */
  mutual?: boolean;
}

export async function startCloud(
  t: TestContext,
  { certificate = 'server', mutual = false }: CloudOptions = {},
): Promise<Cloud> {
  const folder = makeDataFolder();
  const certificates = makeCertificates(folder);
  const shown = certificates[certificate];
  const [cloudPort, ksqldbPort] = [await findFreePort(), await findFreePort()];
  const kafka = { brokers: `localhost:${cloudPort}`, key: 'KAFKAKEY7XQ2', secret: 'cflt/Kafka+Secr3t=0fTheTest' };
  const limited = { key: 'LIMITEDKEY55', secret: 'cflt/Limited+Secr3t=0fTheTest' };
  const ksqldb = {
    endpoint: `https://localhost:${ksqldbPort}`,
    key: 'KSQLDBKEY9ZZ',
    secret: 'cflt/ksqlDB+Secr3t=0fTheTest',
  };
  let broker: StandAlone | undefined;
  let server: ServiceProcess | undefined;
  t.after(async () => {
    await server?.end();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const users = { [kafka.key]: kafka.secret, [limited.key]: limited.secret };
  broker = await startBroker({
    folder: path.join(folder, 'broker'),
    listener: { name: 'CLOUD', port: cloudPort, protocol: mutual ? 'SSL' : 'SASL_SSL' },
    environment: describeAccess({
      keystore: shown.keystore,
      users,
      superUser: mutual ? clientName : kafka.key,
      ...(mutual && { clientAuthority: certificates.ca }),
    }),
  });
  server = startServiceProcess(ksqldbMain, {}, [
    ...[
      '--kafka',
      `127.0.0.1:${broker.port}`,
      '--port',
      String(ksqldbPort),
      '--user',
      `${ksqldb.key}:${ksqldb.secret}`,
    ],
    ...['--tls-cert', shown.certificate, '--tls-key', shown.key],
  ]);
  await server.said('ready');
  let count = 0;
  return {
    certificates,
    kafka,
    ksqldb,
    limited,
    plainPort: broker.port,
    writeConfig(options = {}) {
      const dir = path.join(folder, `config-${count++}`);
      writeCloudConfig(dir, { kafka, ksqldb, ca: certificates.ca, client: certificates.client }, options);
      return dir;
    },
  };
}

interface AccessPlan {
  /** PEM file with the server's key and certificates. */
  keystore: string;
  /** Passwords by user name. */
  users: Readonly<Record<string, string>>;
  /** The user with all permissions; the others need ACLs. */
  superUser: string;
  /** PEM file with the authority of client certificates. If set, clients need a certificate instead of a login. */
  clientAuthority?: string;
}

/** Returns the broker's settings of the listener CLOUD, in the form of docker-compose.yml. */
function describeAccess({ keystore, users, superUser, clientAuthority }: AccessPlan): Record<string, string> {
  const logins = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    KAFKA_LISTENER_NAME_CLOUD_SASL_ENABLED_MECHANISMS: 'PLAIN',
    KAFKA_LISTENER_NAME_CLOUD_PLAIN_SASL_JAAS_CONFIG: `${module} required${logins.join('')};`,
    KAFKA_LISTENER_NAME_CLOUD_SSL_KEYSTORE_TYPE: 'PEM',
    KAFKA_LISTENER_NAME_CLOUD_SSL_KEYSTORE_LOCATION: keystore,
    ...(clientAuthority && {
      KAFKA_LISTENER_NAME_CLOUD_SSL_CLIENT_AUTH: 'required',
      KAFKA_LISTENER_NAME_CLOUD_SSL_TRUSTSTORE_TYPE: 'PEM',
      KAFKA_LISTENER_NAME_CLOUD_SSL_TRUSTSTORE_LOCATION: clientAuthority,
    }),
    KAFKA_AUTHORIZER_CLASS_NAME: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Clients of the first listener are anonymous.
    KAFKA_SUPER_USERS: `User:ANONYMOUS;User:${superUser}`,
  };
}

/** Writes the files of a CONFIG_DIR. */
export function writeCloudConfig(
  dir: string,
  cloud: Pick<Cloud, 'kafka' | 'ksqldb'> & { ca: string; client?: ServerFiles },
  { style = 'java', kafka, ksqldb, withoutCa = false, client = cloud.client }: ConfigOptions,
): void {
  mkdirSync(dir, { recursive: true });
  cpSync(path.join(checkout, 'config', 'postgres.config'), path.join(dir, 'postgres.config'));
  cpSync(cloud.ca, path.join(dir, 'ca.pem'));
  if (client) {
    cpSync(client.certificate, path.join(dir, 'client.pem'));
    cpSync(client.key, path.join(dir, 'client.key'));
    cpSync(client.keystore, path.join(dir, 'client.keystore'));
  }
  const ownAuthority = withoutCa ? '' : 'ssl.ca.location=ca.pem\n';
  writeFileSync(path.join(dir, 'kafka.config'), `${pasted[style]({ ...cloud.kafka, ...kafka })}${ownAuthority}`);
  const { endpoint, key, secret } = { ...cloud.ksqldb, ...ksqldb };
  const lines = [`KSQLDB_ENDPOINT=${endpoint}`, `KSQLDB_API_KEY=${key}`, `KSQLDB_API_SECRET=${secret}`];
  if (!withoutCa) lines.push('KSQLDB_CA_LOCATION=ca.pem');
  writeFileSync(path.join(dir, 'ksqldb.config'), `${lines.join('\n')}\n`);
}
