import { copyFileSync, existsSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ending } from '../os/end-process.ts';
import { type RunningProcess, startProcess } from '../os/start-process.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import type { Java } from './find-java.ts';
import { withUtf8 } from './utf8-locale.ts';

/** Settings of a Java process. */
export interface JavaBase {
  java: Java;
  /** The folder of Kafka's jars. */
  jars: string;
}

export interface JavaPlan extends JavaBase {
  mainClass: string;
  args: readonly string[];
  /** Programs of one name share an archive of classes: `broker`, `worker`. */
  archive: string;
  /** A program that ends at once does not write the archive, which takes longer than itself. */
  shortLived?: boolean;
  /** `-Xmx512m …`: KAFKA_HEAP_OPTS of the service in docker-compose.yml. */
  heap: string;
  /** The program's working folder. It gets the link `jars` and a copy of log4j2.xml. */
  cwd: string;
  /** Overrides this process's environment. */
  env?: Readonly<Record<string, string>>;
  ending: Ending;
  host: ProcessHost;
}

const logging = fileURLToPath(new URL('log4j2.xml', import.meta.url));

/**
 * Starts a Java program. Every path that Java splits or decodes is relative to the working folder: the class path at `:`, the
 * logging configuration at `,` and as a URL. So the folders above may have any name. When it ends for the first time Java writes an archive of its classes beside the jars (50 MB, two
 * or three seconds); with it the next start takes half as long.
 *
 * @throws when the command cannot be started
 */
export function startJava({
  java,
  jars,
  mainClass,
  args,
  archive,
  shortLived,
  heap,
  cwd,
  env,
  ending,
  host,
}: JavaPlan): RunningProcess {
  linkInto(cwd, 'jars', jars);
  copyFileSync(logging, path.join(cwd, 'log4j2.xml'));
  const archiveFile = path.join('jars', `${archive}-${java.build}.jsa`);
  const isArchived = existsSync(path.join(cwd, archiveFile));
  const newArchive = isArchived || shortLived ? undefined : `${archiveFile}.${process.pid}`;
  const options = [
    newArchive ? `-XX:ArchiveClassesAtExit=${newArchive}` : `-XX:SharedArchiveFile=${archiveFile}`,
    ...heap.split(/\s+/).filter(Boolean),
    ...withoutWarnings(java.release),
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Djava.awt.headless=true',
    '-Dlog4j2.configurationFile=log4j2.xml',
  ];
  const running = startProcess({
    command: java.command,
    args: [...options, '-cp', path.join('jars', '*'), mainClass, ...args],
    cwd,
    env: withUtf8({ ...process.env, ...env }),
    ending,
    host,
  });
  if (newArchive)
    void running.ended.then(({ code }) => keepArchive(path.join(cwd, newArchive), path.join(cwd, archiveFile), code));
  return running;
}

/** Options that keep warnings about Kafka's own code, which no user can act on, out of the logs. */
function withoutWarnings(release: number): string[] {
  // Classes that the archive skips.
  const options = ['-Xlog:cds*=error'];
  // From Java 23 and 24 on it warns of memory access and native libraries, which Kafka's compression uses.
  if (release >= 23) options.push('--sun-misc-unsafe-memory-access=allow');
  if (release >= 22) options.push('--enable-native-access=ALL-UNNAMED');
  return options;
}

/** Makes the link `name` in a folder, so that a program reaches `target` by a path without the folders above. */
export function linkInto(folder: string, name: string, target: string): void {
  const link = path.join(folder, name);
  if (existsSync(link) && readlinkSync(link) === target) return;
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

/** An archive of a process that was killed may have been cut short. 143 is Java's way of ending on SIGTERM. */
function keepArchive(newArchive: string, archive: string, code: number | undefined): void {
  if (!existsSync(newArchive)) return;
  if (code === 143 || code === 0) renameSync(newArchive, archive);
  else rmSync(newArchive);
}
