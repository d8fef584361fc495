import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ShopError } from '../shop-error.ts';
import { readScenario, type Scenario } from './read-scenario.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** The names of the shop's own scenarios. */
export const listScenarios = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** Reads one of the shop's own scenarios. @throws ShopError `no_scenario`, which names them all */
export function findScenario(name: string): Scenario {
  const names = listScenarios();
  if (!names.includes(name))
    throw new ShopError('no_scenario', `there is no scenario ${name}, only ${names.join(', ')}`);
  return readScenario(readFileSync(`${folder}${name}.yaml`, 'utf8'), `common/scenarios/${name}.yaml`);
}
