import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkKafkaSettings, type KafkaSettings, type PostgresSettings, toWorkerProperties } from '@shop/common';
import { formatJavaProperties, toJavaSettings } from '../compose/java-settings.ts';
import { type JavaBase, linkInto, startJava } from '../java/java-process.ts';
import type { RunningProcess } from '../os/start-process.ts';
import { askOk } from './ask-ok.ts';
import type { ProcessHost } from './process-host.ts';
import { waitUntilUp } from './wait-until-up.ts';

export interface ConnectPlan extends JavaBase {
  /** The folder of worker.properties. */
  folder: string;
  port: number;
  /** The variables of connect in docker-compose.yml: CONNECT_… */
  environment: Readonly<Record<string, string>>;
  /** The folder with Debezium's plugin. */
  plugins: string;
  kafka: KafkaSettings;
  /** The values of the connector's `${env:…}`. */
  postgres: PostgresSettings;
  host: ProcessHost;
}

const properties = 'worker.properties';

/** The worker needs a few seconds to leave its group and close the transactions of exactly-once sources. */
const connectEnding = { signal: 'SIGTERM', graceMs: 20_000 } as const;

/**
 * Starts a Connect worker on loopback.
 *
 * @throws ProcessError when it does not come up, ShopError when Kafka refuses the login or certificate
 */
export async function startConnect(plan: ConnectPlan): Promise<RunningProcess> {
  const { folder, port, environment, plugins, kafka, postgres, host, ...base } = plan;
  await checkKafkaSettings(kafka);
  mkdirSync(folder, { recursive: true });
  linkInto(folder, 'plugins', plugins);
  const settings = {
    ...toJavaSettings('CONNECT_', environment),
    ...toWorkerProperties(kafka),
    listeners: `http://127.0.0.1:${port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': String(port),
    // A relative path, because Connect splits the value at commas.
    'plugin.path': 'plugins',
  };
  writeFileSync(path.join(folder, properties), formatJavaProperties(settings), { mode: 0o600 });
  const running = startJava({
    ...base,
    mainClass: 'org.apache.kafka.connect.cli.ConnectDistributed',
    args: [properties],
    archive: 'worker',
    heap: environment['KAFKA_HEAP_OPTS'] ?? '',
    cwd: folder,
    env: {
      POSTGRES_HOST: postgres.host,
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_DB: postgres.database,
      DEBEZIUM_USER: postgres.debezium.user,
      DEBEZIUM_PASSWORD: postgres.debezium.password,
    },
    ending: connectEnding,
    host,
  });
  // /health answers 200 once the worker has joined its group and read its topics.
  await waitUntilUp(host, running, { check: (signal) => askOk(port, '/health', signal) });
  return running;
}
