import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type CommandResult,
  createResets,
  findScenario,
  listScenarios,
  readScenario,
  runScenario,
  type Scenario,
  type ServiceContext,
  ShopError,
} from '@shop/common';
import { openShopCommands } from './open-shop-commands.ts';

interface ScenarioPlan {
  /** The name of one of the shop's scenarios, or a file. */
  source: string;
  /** In place of the scenario's own seed. */
  seed?: number | undefined;
  /** Called with what the scenario does. */
  onStart(scenario: Scenario): void;
  /** Called after each command. */
  onResult(result: CommandResult): void;
  onSlow(service: string): void;
}

/**
 * Runs a scenario from this terminal. Ctrl-C ends it, and takes the services back to their settings.
 *
 * @returns whether the services obeyed every command
 * @throws ShopError `invalid_scenario`, `no_scenario`, and those of the commands
 */
export async function runShopScenario(plan: ScenarioPlan, context: ServiceContext): Promise<boolean> {
  const found = loadScenario(plan.source, context.env);
  const scenario = { ...found, seed: plan.seed ?? found.seed };
  // The connection outlives Ctrl-C, so that the services can be reset.
  const open = { ...context, signal: new AbortController().signal };
  const commands = await openShopCommands(open, plan.onSlow);
  plan.onStart(scenario);
  let obeyed = true;
  const ended = await runScenario({
    scenario,
    signal: context.signal,
    async send(request) {
      const result = await commands.run(request);
      obeyed &&= result.status === 'done';
      plan.onResult(result);
    },
  });
  if (!ended) for (const request of createResets(scenario)) plan.onResult(await commands.run(request));
  return ended && obeyed;
}

function loadScenario(source: string, env: NodeJS.ProcessEnv): Scenario {
  if (!/\.ya?ml$/i.test(source)) return findScenario(source);
  try {
    return readScenario(readFileSync(path.resolve(env['INIT_CWD'] ?? '.', source), 'utf8'), source);
  } catch (error) {
    if (error instanceof ShopError) throw error;
    throw new ShopError('no_scenario', `cannot read ${source}; the shop's own are ${listScenarios().join(', ')}`, {
      cause: error,
    });
  }
}
