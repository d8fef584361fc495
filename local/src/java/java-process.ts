import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PartHost } from '../parts/part.ts';
import type { Ending } from '../process/end-process.ts';
import { type RunningProcess, startProcess } from '../process/start-process.ts';

/** What every Java part needs. */
export interface JavaBase {
  /** The java command. */
  java: string;
  /** The folder of Kafka's jars. */
  jars: string;
}

export interface JavaPlan extends JavaBase {
  mainClass: string;
  args: readonly string[];
  /** `-Xmx512m …`: KAFKA_HEAP_OPTS of the service in docker-compose.yml. */
  heap: string;
  cwd: string;
  /** Laid over this process's environment. */
  env?: Readonly<Record<string, string>>;
  ending: Ending;
  host: PartHost;
}

const logging = fileURLToPath(new URL('log4j2.xml', import.meta.url));

/** @throws when the command cannot be started */
export function startJava({ java, jars, mainClass, args, heap, cwd, env, ending, host }: JavaPlan): RunningProcess {
  const options = [
    ...heap.split(/\s+/).filter(Boolean),
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${logging}`,
  ];
  return startProcess({
    command: java,
    args: [...options, '-cp', path.join(jars, '*'), mainClass, ...args],
    cwd,
    env: { ...process.env, ...env },
    ending,
    host,
  });
}
