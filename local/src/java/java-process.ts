import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PartHost } from '../parts/part.ts';
import type { Ending } from '../process/end-process.ts';
import { type RunningProcess, startProcess } from '../process/start-process.ts';
import type { Java } from './find-java.ts';

/** What every Java part needs. */
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
  cwd: string;
  /** Laid over this process's environment. */
  env?: Readonly<Record<string, string>>;
  ending: Ending;
  host: PartHost;
}

const logging = fileURLToPath(new URL('log4j2.xml', import.meta.url));

/**
 * Starts a Java program. When it ends for the first time Java writes an archive of its classes beside the jars (50 MB, two
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
  const archiveFile = path.join(jars, `${archive}-${java.build}.jsa`);
  const newArchive = existsSync(archiveFile) || shortLived ? undefined : `${archiveFile}.${process.pid}`;
  const options = [
    newArchive ? `-XX:ArchiveClassesAtExit=${newArchive}` : `-XX:SharedArchiveFile=${archiveFile}`,
    ...heap.split(/\s+/).filter(Boolean),
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${logging}`,
  ];
  const running = startProcess({
    command: java.command,
    args: [...options, '-cp', path.join(jars, '*'), mainClass, ...args],
    cwd,
    env: { ...process.env, ...env },
    ending,
    host,
  });
  if (newArchive) void running.ended.then(({ code }) => keepArchive(newArchive, archiveFile, code));
  return running;
}

/** An archive of a process that was killed may have been cut short. 143 is Java's way of ending on SIGTERM. */
function keepArchive(newArchive: string, archive: string, code: number | undefined): void {
  if (!existsSync(newArchive)) return;
  if (code === 143 || code === 0) renameSync(newArchive, archive);
  else rmSync(newArchive);
}
