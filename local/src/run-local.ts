import { once } from 'node:events';
import { describeError } from '@shop/common';
import { runClean } from './clean.ts';
import { type Compose, readCompose } from './compose/read-compose.ts';
import { describeStartError } from './describe-start-error.ts';
import { type Counting, startCounting } from './figures/counting.ts';
import { findAddresses } from './fleet/addresses.ts';
import { createFleet, type Fleet } from './fleet/fleet.ts';
import { findFolders } from './fleet/folders.ts';
import { listPorts } from './fleet/list-ports.ts';
import { noteAddresses } from './fleet/note-addresses.ts';
import { obeyServers } from './fleet/obey-servers.ts';
import { chooseProcesses, type FleetContext, planFleet } from './fleet/plan-fleet.ts';
import { claimFolders, emptyFolders } from './fleet/prepare-folders.ts';
import { foundations, listServices } from './fleet/process-names.ts';
import { listenForSignals } from './fleet/signals.ts';
import { waitDuration } from './fleet/wait-duration.ts';
import { watchRoom } from './fleet/watch-room.ts';
import { readOptions } from './options.ts';
import { openRunFiles } from './os/run-file.ts';
import { checkPorts } from './ports.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/**
 * `npm start`: runs the fleet until Ctrl-C or the end of --duration, and ends the process.
 *
 * @param began when `npm start` began, in ms since 1970
 */
export async function runLocal(words: readonly string[], began: number): Promise<never> {
  const env = process.env;
  const folders = findFolders(env);
  const compose = readCompose(folders.checkout, env);
  const services = listServices(compose);
  const options = readOptions(words, [...foundations, ...services], services);
  if (options.clean) {
    runClean(console.log);
    process.exit(0);
  }
  const terminal = openTerminal(began, options.json ? process.stderr : process.stdout);
  const addresses = findAddresses(compose, options, env);
  const context: FleetContext = {
    compose,
    options,
    folders,
    addresses,
    env,
    say: terminal.say,
    show: terminal.show,
    downloads: [],
  };

  const ending = new AbortController();
  let failure: Error | undefined;
  let fleet: Fleet | undefined;
  const giveUp = (error: Error) => {
    // The shutdown aborted a download.
    if (ending.signal.aborted && error === ending.signal.reason) return;
    terminal.endLive();
    terminal.say(describeStartError(error));
    if (ending.signal.aborted) return;
    failure = error;
    ending.abort(error);
  };
  listenForSignals(
    (name) => {
      terminal.endLive();
      terminal.say(`stopping (${name}); press Ctrl-C again to kill everything`);
      ending.abort(new Error(name));
    },
    () => void killAll(fleet, terminal),
  );
  process.on('uncaughtException', giveUp);

  let counting: Counting | undefined;
  let stopObeying: (() => Promise<void>) | undefined;
  let result: Record<string, unknown> = {};
  try {
    fleet = await prepareFleet(context, { giveUp, signal: ending.signal });
    counting = countFor(context, fleet, began, ending.signal);
    stopObeying = obeyFor(context, fleet, ending.signal);
    const { kafka, kafkaCluster, postgres, log } = folders;
    const kept = [options.brokers === 1 ? kafka : kafkaCluster, postgres, log];
    void watchRoom({ folders: kept, say: terminal.say, signal: ending.signal }).catch(giveUp);
    await runUntilTheEnd(fleet, counting, context, terminal, { began, signal: ending.signal });
    const failings = ending.signal.aborted ? [] : fleet.failings();
    if (failings.length > 0) giveUp(new Error(`some parts had failed at the end: ${failings.join('; ')}`));
  } catch (error) {
    if (!ending.signal.aborted) giveUp(error instanceof Error ? error : new Error(String(error)));
  }
  ending.abort();
  terminal.endLive();
  if (counting && options.json) result = await counting.result();
  await counting?.close().catch((error: unknown) => terminal.say(`cannot store the figures: ${describeError(error)}`));
  await stopObeying?.().catch((error: unknown) => terminal.say(`cannot end the commands: ${describeError(error)}`));
  await fleet?.stop();
  // An aborted download removes its incomplete files.
  await Promise.allSettled(context.downloads);
  const exitCodes = Object.fromEntries(fleet?.processes.map(({ plan, exitCode }) => [plan.name, exitCode()]) ?? []);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...result, exit_codes: exitCodes })}\n`);
  process.exit(failure ? 1 : 0);
}

async function prepareFleet(
  context: FleetContext,
  { giveUp, signal }: { giveUp: (error: Error) => void; signal: AbortSignal },
): Promise<Fleet> {
  const { folders, options, say } = context;
  const names = chooseProcesses(context);
  const runFiles = openRunFiles(folders.run);
  await claimFolders(folders, runFiles, { names, fresh: options.fresh, say });
  // Check before downloading, which takes minutes, and before deleting data.
  await checkPorts(listPorts(names, context.addresses), options.portOffset);
  if (options.fresh) emptyFolders(folders, say);
  if (!options.cloud && names.includes('kafka')) noteAddresses(folders, context.addresses);
  const plans = await planFleet(names, context, signal);
  signal.throwIfAborted();
  return createFleet(plans, { logFolder: folders.log, runFiles, say, giveUp, signal });
}

/** Starts counting in the fleet with Kafka, but not in `npm start -- --only updater` beside it. */
function countFor(
  { options, compose, folders, addresses, env, say }: FleetContext,
  fleet: Fleet,
  since: number,
  signal: AbortSignal,
): Counting | undefined {
  if (!ownsKafka(options, fleet)) return undefined;
  return startCounting({
    topicEnvironment: mergeEnvironments(compose),
    env: { ...env, ...addresses.environment },
    file: folders.figures,
    since,
    signal,
    say,
  });
}

/** Obeys the commands for servers in the fleet with Kafka. */
function obeyFor(
  { options, compose, addresses, env, say }: FleetContext,
  fleet: Fleet,
  signal: AbortSignal,
): (() => Promise<void>) | undefined {
  if (!ownsKafka(options, fleet)) return undefined;
  return obeyServers({
    fleet,
    topicEnvironment: mergeEnvironments(compose),
    env: { ...env, ...addresses.environment },
    say,
    signal,
  });
}

const ownsKafka = ({ cloud }: FleetContext['options'], { processes }: Fleet): boolean =>
  cloud || processes.some(({ plan }) => plan.name === 'kafka');

function mergeEnvironments(compose: Compose): Record<string, string> {
  const environments = listServices(compose).map((name) => compose.services.get(name)?.environment);
  return Object.assign({}, ...environments);
}

async function runUntilTheEnd(
  fleet: Fleet,
  counting: Counting | undefined,
  { addresses, options, folders }: FleetContext,
  { say, show }: Terminal,
  { began, signal }: { began: number; signal: AbortSignal },
): Promise<void> {
  if (!(await startUnlessStopped(fleet, signal))) return;
  const startMs = Date.now() - began;
  const ready = fleet.ready().then(() => {
    if (signal.aborted) return;
    const page = fleet.processes.some(({ plan }) => plan.name === 'websocket');
    say(page ? `the shop is open: http://127.0.0.1:${addresses.ports.page}` : 'everything is up');
    say(`Ctrl-C stops it; the output of each process is in ${folders.log}`);
  });
  await waitDuration({
    durationMs: options.duration && options.duration * 1_000,
    startMs,
    ready,
    signal,
    onTick: () => counting && show(counting.describe()),
  });
}

/** Resolves to false if the shutdown began first. It also stops the processes that are starting. */
async function startUnlessStopped(fleet: Fleet, signal: AbortSignal): Promise<boolean> {
  const stopped = once(signal, 'abort').then(() => false);
  if (signal.aborted) return false;
  const started = fleet.start().then(
    () => true,
    (error: unknown) => {
      if (signal.aborted) return false;
      throw error;
    },
  );
  return Promise.race([started, stopped]);
}

async function killAll(fleet: Fleet | undefined, { say }: Terminal): Promise<void> {
  say('killing everything');
  await fleet?.kill();
  process.exit(130);
}
