import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { createDownloadProgress } from './download-progress.ts';
import { withUtf8 } from './utf8-locale.ts';

/** The folders of jars. Each promise resolves when its folder is complete. */
export interface Jars {
  /** A folder of jars: broker, tools, Connect worker. */
  kafka: Promise<string>;
  /** A folder for Connect's plugin.path. */
  plugins: Promise<string>;
}

export interface FetchPlan {
  checkout: string;
  /** Folder of fetched jars, one subfolder per version of a pom. */
  cache: string;
  kafkaVersion: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Reports that Maven is started; it may run for a minute. */
  say?: (text: string) => void;
  /** Shows the progress of the downloads. */
  show?: (text: string) => void;
}

/**
 * Starts to fetch the jars of local/jars/pom.xml and connect/jars/pom.xml with Maven, unless the cache has them.
 * Both promises reject when Maven is missing or fails (with its errors), and on abort (with the signal's reason).
 */
export function fetchJars(plan: FetchPlan): Jars {
  const { kafkaVersion } = plan;
  const kafka = fetchByPom(plan, {
    what: `Kafka ${kafkaVersion}`,
    pom: 'local/jars/pom.xml',
    property: 'jars',
    options: [`-Dkafka.version=${kafkaVersion}`],
    expectedMb: 65,
  });
  // Run Maven once at a time: two runs can damage their common repository. The broker starts meanwhile.
  const plugins = kafka.then(() =>
    fetchByPom(plan, {
      what: 'Debezium',
      pom: 'connect/jars/pom.xml',
      property: 'plugins',
      options: [],
      expectedMb: 8,
    }),
  );
  // Nothing awaits the jars of a process that never starts, so ignore their rejections here.
  for (const fetching of [kafka, plugins]) fetching.catch(() => {});
  return { kafka, plugins };
}

export interface PomPlan {
  /** The name in messages. */
  what: string;
  pom: string;
  /** The pom's property that names the target folder. */
  property: string;
  options: string[];
  /** Approximate size of a first download, MB. */
  expectedMb: number;
}

/** Fetches the jars of a pom with Maven, unless the cache has them. @returns their folder */
export async function fetchByPom(
  { checkout, cache, env, signal, say, show }: FetchPlan,
  { what, pom: pomName, property, options, expectedMb }: PomPlan,
): Promise<string> {
  const pom = path.join(checkout, pomName);
  const content = createHash('sha256').update(readFileSync(pom)).update(options.join(' ')).digest('hex').slice(0, 12);
  const folder = path.join(cache, `${property}-${content}`);
  if (existsSync(folder)) return folder;
  say?.(`fetching ${what} with Maven`);
  const partial = `${folder}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const args = ['--batch-mode', '--file', pom, 'generate-resources', `-D${property}=${partial}`, ...options];
  const maven = execa('mvn', args, {
    all: true,
    reject: false,
    env: withUtf8(env),
    cwd: cache,
    ...(signal && { cancelSignal: signal }),
  });
  const progress = createDownloadProgress(what, expectedMb);
  createInterface({ input: maven.all }).on('line', (line) => {
    const shown = progress.read(line);
    if (shown !== undefined) show?.(shown);
  });
  const { failed, code, exitCode, all } = await maven;
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
  // Another start may have fetched the same files meanwhile.
  if (existsSync(folder)) rmSync(partial, { recursive: true, force: true });
  else renameSync(partial, folder);
  return folder;
}
