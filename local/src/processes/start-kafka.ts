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
  /** The folder of the log and server.properties. */
  folder: string;
  port: number;
  /** The variables of kafka in docker-compose.yml: KAFKA_… */
  environment: Readonly<Record<string, string>>;
  /** This broker's place in a cluster; absent for a single broker. */
  cluster?: ClusterPlace;
  /** A second listener for clients, besides the first one, which needs no login. */
  listener?: ClientListener;
  host: ProcessHost;
}

interface ClusterPlace {
  /** The node id, from 1. */
  number: number;
  /** The ports of all controllers on loopback, including this broker's. */
  controllers: readonly number[];
}

/** A listener at 127.0.0.1:port, advertised as `localhost`. KAFKA_LISTENER_NAME_… in the environment configure it. */
export interface ClientListener {
  name: string;
  port: number;
  protocol: 'SASL_SSL' | 'SSL';
}

const kafkaEnding = { signal: 'SIGTERM', graceMs: 20_000 } as const;

const properties = 'server.properties';

/** Fixed, as in the image: only clusters that could connect to each other need different ids. */
const clusterId = '5L6g3nShT-eMCtK--X86sw';

/**
 * Starts a broker on loopback, alone or as part of a cluster. It is also a controller. The first start formats the log.
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
    // A relative path, because Kafka splits the value at commas.
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
