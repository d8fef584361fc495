import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { withUtf8 } from './utf8-locale.ts';

export interface Jars {
  /** A folder of jars: broker, tools, Connect worker. */
  kafka: string;
  /** A folder for Connect's plugin.path. */
  plugins: string;
}

export interface FetchPlan {
  checkout: string;
  /** Where what was fetched stays, one folder for each content of the poms. */
  cache: string;
  kafkaVersion: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Told before Maven is started, which may take a minute. */
  onFetch?: (what: string) => void;
}

/**
 * The jars that local/jars/pom.xml and connect/jars/pom.xml name, fetched by Maven where they are not there yet.
 *
 * @throws when Maven is missing or fails, with its last lines
 */
export async function fetchJars({ checkout, cache, kafkaVersion, env, signal, onFetch }: FetchPlan): Promise<Jars> {
  const fetchOne = (what: string, pom: string, property: string, options: string[]) =>
    fetchByPom({ pom: path.join(checkout, pom), property, options, cache, env, signal, say: () => onFetch?.(what) });
  // One after the other: two Mavens at once can damage their common repository.
  const kafka = await fetchOne(`Kafka ${kafkaVersion}`, 'local/jars/pom.xml', 'jars', [
    `-Dkafka.version=${kafkaVersion}`,
  ]);
  const plugins = await fetchOne('Debezium', 'connect/jars/pom.xml', 'plugins', []);
  return { kafka, plugins };
}

interface PomPlan {
  pom: string;
  /** The pom's property for the folder to fill. */
  property: string;
  options: string[];
  cache: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal | undefined;
  say: () => void;
}

async function fetchByPom({ pom, property, options, cache, env, signal, say }: PomPlan): Promise<string> {
  const content = createHash('sha256').update(readFileSync(pom)).update(options.join(' ')).digest('hex').slice(0, 12);
  const folder = path.join(cache, `${property}-${content}`);
  if (existsSync(folder)) return folder;
  say();
  const partial = `${folder}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const args = ['--batch-mode', '--file', pom, 'generate-resources', `-D${property}=${partial}`, ...options];
  const { failed, code, exitCode, all } = await execa('mvn', args, {
    all: true,
    reject: false,
    env: withUtf8(env),
    cwd: cache,
    ...(signal && { cancelSignal: signal }),
  });
  if (signal?.aborted) rmSync(partial, { recursive: true, force: true });
  signal?.throwIfAborted();
  if (code === 'ENOENT')
    throw new Error(
      'no Maven (mvn) in PATH; it fetches Kafka and Debezium (for instance: apt install maven, brew install maven)',
    );
  if (failed || !existsSync(partial)) {
    rmSync(partial, { recursive: true, force: true });
    const lines = (all ?? '').split('\n').filter((line) => line.includes('ERROR'));
    throw new Error(`mvn --file ${pom} failed with code ${exitCode}:\n${lines.slice(0, 8).join('\n')}`);
  }
  // Another start may have been quicker; what it fetched is the same.
  if (existsSync(folder)) rmSync(partial, { recursive: true, force: true });
  else renameSync(partial, folder);
  return folder;
}
