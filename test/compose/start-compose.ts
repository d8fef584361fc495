import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreeOffset, until } from '@shop/test-support';
import { z } from 'zod';
import type { Pause } from '../fleet/check-shop.ts';
import { type FleetPorts, movePorts } from '../fleet/start-fleet.ts';
import { docker, type Program, requireEngine, runProgram } from './docker.ts';

/** The project's folder. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** The fields of `docker inspect` that the tests use. */
const container = z.object({
  Name: z.string(),
  RestartCount: z.number(),
  Config: z.object({ User: z.string(), Image: z.string(), Labels: z.record(z.string(), z.string()) }),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    Health: z.object({ Status: z.string() }).optional(),
  }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    CapDrop: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Init: z.boolean().nullish(),
    Memory: z.number(),
    LogConfig: z.object({ Config: z.record(z.string(), z.string()) }),
  }),
});
export type Container = z.infer<typeof container> & { service: string };

export interface ComposeShop {
  ports: FleetPorts;
  /** Runs `docker compose` for this shop. @returns standard output */
  compose(...words: string[]): Promise<string>;
  /** Starts the missing containers and waits until every service is healthy. @throws with the log of those that are not */
  up(...words: string[]): Promise<void>;
  pause: Pause;
  containers(): Promise<Container[]>;
}

export interface ComposePlan {
  profiles: string;
  /** Replaces `docker compose`. */
  program?: Program;
  /** Compose files to add to docker-compose.yml. */
  overrides?: readonly string[];
  /** The variables of these files. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Prepares the project's docker-compose.yml with separate ports, volumes and a separate name. The end of the test
 * removes containers and volumes, but no images.
 */
export async function openCompose(
  t: TestContext,
  { profiles, program = ['docker', 'compose'], overrides = [], env: more = {} }: ComposePlan,
): Promise<ComposeShop> {
  await requireEngine();
  const offset = await findFreeOffset(Object.values(movePorts(0)), { from: 15_000, to: 20_000 });
  const ports = movePorts(offset);
  const env = {
    ...process.env,
    ...more,
    COMPOSE_PROFILES: profiles,
    COMPOSE_BAKE: 'false',
    PAGE_ADDRESS: '127.0.0.1',
    PAGE_PORT: String(ports.page),
    KAFKA_LOCAL_PORT: String(ports.kafka),
    POSTGRES_LOCAL_PORT: String(ports.postgres),
    CONNECT_LOCAL_PORT: String(ports.connect),
    KSQLDB_LOCAL_PORT: String(ports.ksqldb),
  };
  const files = [path.join(checkout, 'docker-compose.yml'), ...overrides].flatMap((file) => ['-f', file]);
  // The ports determine the name, so the next run finds the images and the containers of a killed run.
  const project = `shop-test-${offset}`;
  const compose = (...words: string[]) =>
    runProgram(program, ['-p', project, '--project-directory', checkout, ...files, ...words], { cwd: checkout, env });

  async function containers(): Promise<Container[]> {
    const ids = (await compose('ps', '--all', '--quiet')).trim().split('\n');
    const found = z.array(container).parse(JSON.parse(await docker(['inspect', ...ids])));
    return found.map((each) => ({ ...each, service: each.Config.Labels['com.docker.compose.service'] ?? each.Name }));
  }
  const listUnhealthy = async (services: readonly string[]) =>
    (await containers()).filter(
      ({ service, State: { Health: health } }) => services.includes(service) && health?.Status !== 'healthy',
    );

  /** What containers without health say, for an error that is read without the whole log. */
  async function describeUnhealthy(): Promise<string> {
    const sick = (await containers()).filter(({ State: { Health: health } }) => health?.Status !== 'healthy');
    if (sick.length === 0) return 'docker compose up failed, and every container is healthy now';
    return compose('logs', '--no-color', '--tail', '15', ...sick.map(({ service }) => service));
  }

  const remove = () => compose('down', '--volumes', '--remove-orphans');
  await remove();
  t.after(remove);
  return {
    ports,
    compose,
    async up(...words) {
      try {
        await compose('up', '-d', '--wait', '--wait-timeout', '7200', ...words);
      } catch (cause) {
        t.diagnostic(await compose('logs', '--no-color', '--tail', '40'));
        throw new Error(await describeUnhealthy(), { cause });
      }
    },
    async pause(services) {
      await compose('pause', ...services);
      return async () => {
        await compose('unpause', ...services);
        // A paused container counts as unhealthy until its next health check.
        await until(`${services.join(', ')} healthy again`, async () =>
          (await listUnhealthy(services)).length === 0 ? true : undefined,
        );
      };
    },
    containers,
  };
}
