import { createHash } from 'node:crypto';
import path from 'node:path';
import { execa } from 'execa';

const oldest = 17;

export interface Java {
  command: string;
  /** The major release: 17. */
  release: number;
  /** A hash that differs between builds of Java. */
  build: string;
}

/**
 * Finds Java in JAVA_HOME, else in PATH.
 *
 * @throws when there is none, or it is older than 17
 */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const home = env['JAVA_HOME'];
  const command = home ? path.join(home, 'bin', 'java') : 'java';
  const where = home ? `JAVA_HOME, which is ${home}` : 'PATH';
  const fix = `Kafka needs Java ${oldest} or later (for instance: apt install openjdk-17-jre-headless, brew install openjdk)`;
  const { failed, code, all } = await execa(command, ['-version'], { all: true, reject: false, env });
  if (failed) throw new Error(`no working Java in ${where}${code ? ` (${code})` : ''}; ${fix}`);
  const release = readJavaRelease(all);
  if (release === undefined || release < oldest)
    throw new Error(`the Java in ${where} reports ${JSON.stringify(all.split('\n')[0])}; ${fix}`);
  return { command, release, build: createHash('sha256').update(all).digest('hex').slice(0, 12) };
}

/** Reads 17 from `openjdk version "17.0.15" …`, 8 from `java version "1.8.0_392"`. */
export function readJavaRelease(text: string): number | undefined {
  const [, major, minor] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (major === undefined) return undefined;
  return major === '1' && minor !== undefined ? Number(minor) : Number(major);
}
