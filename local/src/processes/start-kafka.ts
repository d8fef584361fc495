import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKafka } from '@shop/common';
import { formatJavaProperties, toJavaSettings } from '../compose/java-settings.ts';
import { type JavaBase, startJava } from '../java/java-process.ts';
import type { RunningProcess } from '../os/start-process.ts';
import { findFreePort } from '../ports.ts';
import type { PartHost } from './process-host.ts';
import { requireSuccess, waitUntilUp } from './wait-until-up.ts';

export interface KafkaPlan extends JavaBase {
  /** Keeps the log and server.properties. */
  folder: string;
  port: number;
  /** Of the service kafka in docker-compose.yml: KAFKA_… */
  environment: Readonly<Record<string, string>>;
  /** This broker's place among several; alone when absent. */
  cluster?: ClusterPlace;
  /** A second listener, as Confluent Cloud has it; the first one stays. */
  cloud?: CloudListener;
  /** A second listener that clients are told to reach elsewhere: behind a proxy that can cut the line. */
  proxied?: ProxiedListener;
  host: PartHost;
}

export interface ClusterPlace {
  /** From 1. */
  number: number;
  /** The controllers' ports on loopback, this broker's included. */
  controllers: readonly number[];
}

export interface ProxiedListener {
  port: number;
  /** What the broker tells clients who come in through it. */
  advertisedPort: number;
}

/** SASL_SSL with PLAIN on loopback, or SSL that asks for a client certificate. */
export interface CloudListener {
  port: number;
  /** PEM file with the server's key and its certificates. */
  keystore: string;
  /** Passwords by user name. */
  users: Readonly<Record<string, string>>;
  /** Users who may do everything; the others may do what they are granted. */
  superUsers: readonly string[];
  /** PEM file with the authority of clients' certificates: each client must show one, in place of a login. */
  clientAuthority?: string;
}

export const kafkaEnding = { signal: 'SIGTERM', graceMs: 20_000 } as const;

const properties = 'server.properties';

/** Fixed, as in the image: it only has to differ between clusters that could meet. */
const clusterId = '5L6g3nShT-eMCtK--X86sw';

/**
 * Starts a broker on loopback that is its own controller, or one of several, on the first start with an empty log.
 *
 * @throws PartError when it does not come up
 */
export async function startKafka({
  folder,
  port,
  environment,
  cluster,
  cloud,
  proxied,
  host,
  ...base
}: KafkaPlan): Promise<RunningProcess> {
  mkdirSync(folder, { recursive: true });
  const { number, controllers } = cluster ?? { number: 1, controllers: [await findFreePort()] };
  const controller = `127.0.0.1:${controllers[number - 1]}`;
  const settings = {
    ...toJavaSettings('KAFKA_', environment),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.quorum.voters': controllers.map((each, index) => `${index + 1}@127.0.0.1:${each}`).join(','),
    'node.id': String(number),
    // Relative, because Kafka splits it at commas.
    'log.dirs': 'logs',
    ...(cloud && secure(cloud, port, controller)),
    ...(proxied && addProxied(proxied, port, controller)),
  };
  writeFileSync(path.join(folder, properties), formatJavaProperties(settings));
  const java = {
    ...base,
    archive: 'broker',
    heap: environment['KAFKA_HEAP_OPTS'] ?? '',
    cwd: folder,
    ending: kafkaEnding,
    host,
  };
  if (!existsSync(path.join(folder, 'logs', 'meta.properties'))) {
    const args = ['format', '--ignore-formatted', '-t', clusterId, '-c', properties];
    const format = startJava({ ...java, mainClass: 'kafka.tools.StorageTool', args, shortLived: true });
    await requireSuccess(host, format, 'could not format its storage');
  }
  const running = startJava({ ...java, mainClass: 'kafka.Kafka', args: [properties] });
  await waitUntilUp(host, running, { check: () => askBroker(port) });
  return running;
}

function secure(cloud: CloudListener, plainPort: number, controller: string) {
  const { port, keystore, users, superUsers, clientAuthority } = cloud;
  const logins = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    listeners: `PLAINTEXT://127.0.0.1:${plainPort},CLOUD://127.0.0.1:${port},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${plainPort},CLOUD://localhost:${port}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLOUD:${clientAuthority ? 'SSL' : 'SASL_SSL'}`,
    'listener.name.cloud.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.cloud.plain.sasl.jaas.config': `${module} required${logins.join('')};`,
    'listener.name.cloud.ssl.keystore.type': 'PEM',
    'listener.name.cloud.ssl.keystore.location': keystore,
    ...(clientAuthority && {
      'listener.name.cloud.ssl.client.auth': 'required',
      'listener.name.cloud.ssl.truststore.type': 'PEM',
      'listener.name.cloud.ssl.truststore.location': clientAuthority,
    }),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Who comes in through the first listener has no name.
    'super.users': ['ANONYMOUS', ...superUsers].map((name) => `User:${name}`).join(';'),
  };
}

function addProxied({ port, advertisedPort }: ProxiedListener, plainPort: number, controller: string) {
  return {
    listeners: `PLAINTEXT://127.0.0.1:${plainPort},PROXIED://127.0.0.1:${port},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${plainPort},PROXIED://127.0.0.1:${advertisedPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
  };
}

async function askBroker(port: number): Promise<void> {
  const source = { brokers: 'loopback', login: 'none' };
  const admin = createKafka({ brokers: [`127.0.0.1:${port}`], source }).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length === 0) throw new Error('no broker has registered yet');
  } finally {
    await admin.disconnect();
  }
}
