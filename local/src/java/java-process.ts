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
  /** Name of the class archive, such as `broker`; programs with the same name share it. */
  archive: string;
  /** Set for a program that ends quickly, which then writes no archive: writing takes longer than the program runs. */
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
 * Starts a Java program. Paths that Java splits or decodes are relative to the working folder, so that the folders
 * above may have any name: Java splits the class path at `:` and the logging configuration at `,`, and decodes the
 * latter as a URL. On its first exit, Java writes an archive of its classes (50 MB, two or three seconds), which halves
 * the time of the next start.
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

/** Options that suppress warnings about Kafka's code, because no user can act on them. */
function withoutWarnings(release: number): string[] {
  // Warnings about classes that the archive skips.
  const options = ['-Xlog:cds*=error'];
  // Java 23 and 24 warn about memory access and native libraries, which Kafka's compression uses.
  if (release >= 23) options.push('--sun-misc-unsafe-memory-access=allow');
  if (release >= 22) options.push('--enable-native-access=ALL-UNNAMED');
  return options;
}

/** Creates the link `name` in a folder, so that a program reaches `target` by a relative path. */
export function linkInto(folder: string, name: string, target: string): void {
  const link = path.join(folder, name);
  if (existsSync(link) && readlinkSync(link) === target) return;
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

/** Keeps the archive, unless a kill may have truncated it. 143 is Java's exit code on SIGTERM. */
function keepArchive(newArchive: string, archive: string, code: number | undefined): void {
  if (!existsSync(newArchive)) return;
  if (code === 143 || code === 0) renameSync(newArchive, archive);
  else rmSync(newArchive);
}
