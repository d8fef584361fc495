import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ComposeService, findService } from '../compose/read-compose.ts';
import { findFreePort } from '../ports.ts';
import { buildPage } from '../processes/build-page.ts';
import { startNode } from '../processes/start-node.ts';
import type { FleetContext } from './plan-fleet.ts';
import { brokerNames } from './process-names.ts';
import type { ProcessPlan } from './supervise.ts';

/** Services that stop after the others, because they pass on the others' last messages. */
const lateStoppers = ['connector', 'ksql'];

/**
 * Plans the instances of a service: their number from --scale, their environment from docker-compose.yml.
 *
 * @throws when its folder has no src/main.ts
 */
export async function planService(name: string, context: FleetContext): Promise<ProcessPlan[]> {
  const { compose, options, folders } = context;
  const service = findService(compose, name);
  const folder = path.join(folders.checkout, service.folder ?? name);
  if (!existsSync(path.join(folder, 'src', 'main.ts'))) throw new Error(`${name}: there is no ${folder}/src/main.ts`);
  const plans: ProcessPlan[] = [];
  for (let number = 1; number <= (options.scale[name] ?? 1); number++)
    plans.push(await planInstance(service, number, folder, context));
  return plans;
}

async function planInstance(
  service: ComposeService,
  number: number,
  folder: string,
  { addresses, env }: FleetContext,
): Promise<ProcessPlan> {
  const name = number === 1 ? service.name : `${service.name}-${number}`;
  // Only the first instance uses the ports of .env; the others use free ones.
  const known = number === 1 ? addresses.healthPorts.get(service.name) : undefined;
  const healthPort = known ?? (await findFreePort());
  const environment: Record<string, string | undefined> = {
    ...env,
    ...service.environment,
    ...addresses.environment,
    INSTANCE: name,
    HEALTH_PORT: String(healthPort),
    SERVERS_OBEY: 'yes',
  };
  if ('PORT' in service.environment) environment['PORT'] = number === 1 ? String(addresses.ports.page) : '0';
  // HOST in docker-compose.yml is every address, because Docker publishes the ports. Here use loopback only.
  for (const key of ['HOST', 'PAGE_ADDRESS']) if (key in service.environment) environment[key] = '127.0.0.1';
  return {
    name,
    // Services can wait themselves, but waiting takes CPU time from the broker, and a missing login ends them.
    needs: [...brokerNames, ...service.dependsOn.filter((dependency) => dependency !== 'connect')],
    stopStage: lateStoppers.includes(service.name) ? 1 : 0,
    healthPort,
    async start(host) {
      await buildPage(folder, host);
      return startNode({ folder, env: environment, host });
    },
  };
}
