import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchByPom, findFolders, readCompose } from '@shop/local';
import { openTestKafka, type Scope, type ServiceProcess, testKafka } from '@shop/test-support';
import { Skipped } from '../figure.ts';
import type { ShippingRound } from './measure-shipping.ts';

const source = fileURLToPath(new URL('../streams/ShipOrders.java', import.meta.url));

/** A program of the Java Development Kit, in JAVA_HOME or in PATH. */
const findTool = (name: string): string => {
  const home = process.env['JAVA_HOME'];
  return home ? path.join(home, 'bin', name) : name;
};

const isInstalled = (command: string, flag: string): boolean => spawnSync(command, [flag]).status === 0;

/**
 * Fetches the jars of Kafka Streams with Maven, and compiles the application, unless the cache has them.
 *
 * @returns the class path
 * @throws Skipped without javac or Maven
 */
export async function prepareStreams(): Promise<string> {
  const javac = findTool('javac');
  if (!isInstalled(javac, '-version')) throw new Skipped('no javac; it needs a Java Development Kit of 17 or later');
  if (!isInstalled('mvn', '--version')) throw new Skipped('no Maven (mvn) in PATH, which fetches Kafka Streams');
  const { checkout, cache } = findFolders(process.env);
  const kafkaVersion = readCompose(checkout, process.env).variables['KAFKA_TAG'] ?? '';
  const jars = await fetchByPom(
    { checkout, cache, kafkaVersion, env: process.env },
    {
      what: `Kafka Streams ${kafkaVersion}`,
      pom: 'test/bench/streams/pom.xml',
      property: 'streams',
      options: [`-Dkafka.version=${kafkaVersion}`],
      expectedMb: 85,
    },
  );
  const content = createHash('sha256').update(readFileSync(source)).update(jars).digest('hex').slice(0, 12);
  const classes = path.join(cache, `streams-classes-${content}`);
  const libraries = path.join(jars, '*');
  if (!existsSync(classes)) {
    const partial = `${classes}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    const { status, stderr } = spawnSync(javac, ['-cp', libraries, '-d', partial, source], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`javac failed with code ${status}:\n${stderr}`);
    renameSync(partial, classes);
  }
  return [classes, libraries].join(path.delimiter);
}

/** Starts the application. The end of the scope kills it, and deletes its internal topics and its state. */
export function startStreams(
  scope: Scope,
  classPath: string,
  customersTopic: string,
  { groupId, ordersTopic, shipmentsTopic }: ShippingRound,
): Pick<ServiceProcess, 'pid' | 'ended' | 'end'> {
  const state = mkdtempSync(path.join(tmpdir(), 'shop-test-streams-'));
  scope.after(async () => {
    rmSync(state, { recursive: true, force: true });
    const { admin, close } = await openTestKafka();
    const internal = (await admin.listTopics()).filter((topic) => topic.startsWith(`${groupId}-`));
    if (internal.length > 0) await admin.deleteTopics({ topics: internal });
    await close();
  });
  const words = [testKafka(), groupId, ordersTopic, customersTopic, shipmentsTopic, state];
  const child = spawn(findTool('java'), ['-Xmx1g', '-cp', classPath, 'ShipOrders', ...words], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', kill);
    return code as number | null;
  });
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  scope.after(() => end('SIGKILL'));
  return { pid: child.pid ?? 0, ended, end };
}
