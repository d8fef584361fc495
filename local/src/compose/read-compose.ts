import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { interpolate } from './interpolate.ts';

/** One service of docker-compose.yml, as `npm start` uses it. */
export interface ComposeService {
  name: string;
  /** Empty for a service without a `command:`. */
  command: string[];
  environment: Record<string, string>;
  /** The folder of the service's Dockerfile, relative to the checkout; absent for a service that only names an image. */
  folder?: string;
  /** The container's memory limit, MB; absent for a service without a `mem_limit`. */
  memoryMb?: number;
  /** The services that must be healthy before it starts. */
  dependsOn: string[];
}

export interface Compose {
  services: Map<string, ComposeService>;
  /** .env, overridden by the shell's variables of the same names. */
  variables: Record<string, string>;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(scalar).default([]),
      environment: z.record(z.string(), scalar.nullable()).default({}),
      build: z.object({ dockerfile: z.string() }).optional(),
      mem_limit: z
        .string()
        .regex(/^\d+[mg]$/)
        .transform((text) => Number.parseInt(text, 10) * (text.endsWith('g') ? 1_024 : 1))
        .optional(),
      depends_on: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/**
 * Reads docker-compose.yml and .env of the checkout.
 *
 * @param env the shell's variables, which override .env
 * @throws when a file is missing, cannot be parsed, or lacks a variable
 */
export function readCompose(checkout: string, env: NodeJS.ProcessEnv): Compose {
  const dotenv = parseDotenv(readFileSync(path.join(checkout, '.env'), 'utf8'));
  const given = { ...dotenv, ...env };
  const document: unknown = parseYaml(readFileSync(path.join(checkout, 'docker-compose.yml'), 'utf8'), { merge: true });
  const parsed = composeFile.safeParse(document);
  if (!parsed.success) throw new Error(`docker-compose.yml: ${z.prettifyError(parsed.error)}`);
  const services = new Map<string, ComposeService>();
  for (const [name, service] of Object.entries(parsed.data.services)) {
    const environment: Record<string, string> = {};
    for (const [key, value] of Object.entries(service.environment))
      environment[key] = value === null ? (given[key] ?? '') : interpolate(value, given);
    services.set(name, {
      name,
      command: service.command.map((word) => interpolate(word, given)),
      environment,
      dependsOn: Object.keys(service.depends_on),
      ...(service.build && { folder: path.dirname(service.build.dockerfile) }),
      ...(service.mem_limit !== undefined && { memoryMb: service.mem_limit }),
    });
  }
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(dotenv)) variables[key] = env[key] ?? value;
  return { services, variables };
}

/** @throws when docker-compose.yml has no such service */
export function findService(compose: Compose, name: string): ComposeService {
  const service = compose.services.get(name);
  if (!service) throw new Error(`docker-compose.yml: there is no service ${name}`);
  return service;
}

/** @throws when .env lacks the port or it is invalid */
export function readPort(compose: Compose, key: string): number {
  const value = compose.variables[key];
  const port = Number(value);
  if (!value || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`.env: ${key}: found ${JSON.stringify(value ?? '')}, expected a port from 1 to 65535`);
  return port;
}
