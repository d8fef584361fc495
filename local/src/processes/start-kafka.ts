import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKafka } from '@shop/common';
import { formatJavaProperties, toJavaSettings } from '../compose/java-settings.ts';
import { type JavaBase, startJava } from '../java/java-process.ts';
import type { RunningProcess } from '../os/start-process.ts';
import { findFreePort } from '../ports.ts';
import type { ProcessHost } from './process-host.ts';
import { requireSuccess, waitUntilUp } from './wait-until-up.ts';

export interface KafkaPlan extends JavaBase {
  /** Keeps the log and server.properties. */
  folder: string;
  port: number;
  /** Of the service kafka in docker-compose.yml: KAFKA_… */
  environment: Readonly<Record<string, string>>;
  /** This broker's place among several; alone when absent. */
  cluster?: ClusterPlace;
  /** A second listener for clients; the first one, without a login, stays. */
  listener?: ClientListener;
  host: ProcessHost;
}

interface ClusterPlace {
  /** From 1. */
  number: number;
  /** The controllers' ports on loopback, this broker's included. */
  controllers: readonly number[];
}

/** A listener at 127.0.0.1:port, which clients reach as `localhost`. Its settings are in the environment: KAFKA_LISTENER_NAME_… */
export interface ClientListener {
  name: string;
  port: number;
  protocol: 'SASL_SSL' | 'SSL';
}

const kafkaEnding = { signal: 'SIGTERM', graceMs: 20_000 } as const;

const properties = 'server.properties';

/** Fixed, as in the image: it only has to differ between clusters that could meet. */
const clusterId = '5L6g3nShT-eMCtK--X86sw';

/**
 * Starts a broker on loopback that is its own controller, or one of several, on the first start with an empty log.
 *
 * @throws ProcessError when it does not come up
 */
export async function startKafka({
  folder,
  port,
  environment,
  cluster,
  listener,
  host,
  ...base
}: KafkaPlan): Promise<RunningProcess> {
  mkdirSync(folder, { recursive: true });
  const { number, controllers } = cluster ?? { number: 1, controllers: [await findFreePort()] };
  const controller = `127.0.0.1:${controllers[number - 1]}`;
  const second = describeListener(listener);
  const settings = {
    ...toJavaSettings('KAFKA_', environment),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://${controller}${second.listener}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${second.advertised}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${second.protocol}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.quorum.voters': controllers.map((each, index) => `${index + 1}@127.0.0.1:${each}`).join(','),
    'node.id': String(number),
    // Relative, because Kafka splits it at commas.
    'log.dirs': 'logs',
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

function describeListener(second: ClientListener | undefined) {
  if (!second) return { listener: '', advertised: '', protocol: '' };
  const { name, port, protocol } = second;
  return {
    listener: `,${name}://127.0.0.1:${port}`,
    advertised: `,${name}://localhost:${port}`,
    protocol: `,${name}:${protocol}`,
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
