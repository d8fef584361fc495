import { type CommandRequest, command, isTimed } from '../contracts/command.ts';
import { pause } from '../service/pause.ts';
import type { Scenario, ScenarioStep } from './read-scenario.ts';

interface ScenarioRun {
  scenario: Pick<Scenario, 'seconds' | 'seed' | 'steps'>;
  /** Sends a command. The time goes on meanwhile. */
  send(request: CommandRequest): Promise<unknown>;
  /** Ends the run before its time. */
  signal: AbortSignal;
}

/**
 * Sends the commands of a scenario at their times. Each one carries the rest of the scenario's time. So the services go back to
 * their settings by themselves, also when this process is killed.
 *
 * @returns whether the scenario reached its end
 * @throws what `send` throws
 */
export async function runScenario({ scenario, send, signal }: ScenarioRun): Promise<boolean> {
  const began = performance.now();
  const msUntil = (at: number) => Math.max(0, began + at * 1_000 - performance.now());
  for (const step of scenario.steps) {
    if (!(await pause(msUntil(step.at), signal))) return false;
    await send(completeRequest(step, { seed: scenario.seed, seconds: Math.ceil(msUntil(scenario.seconds) / 1_000) }));
  }
  return pause(msUntil(scenario.seconds), signal);
}

/** Commands to these services are undone by `reset`. */
const resettable = ['order-service', 'updater', 'refill-inventory', 'shipping-service'] as const;

/** What undoes the commands of a scenario before its time is over. */
export const createResets = ({ steps }: Pick<Scenario, 'steps'>): CommandRequest[] =>
  resettable
    .filter((target) => steps.some(({ request }) => request.target === target))
    .map((target) => ({ target, command: 'reset' }));

const seeded = new Set<string>(
  command.options.filter(({ shape }) => 'seed' in shape).map(({ shape }) => shape.command.value),
);

/** Adds the seed and the time to a command that takes them and does not name them. */
const completeRequest = ({ request }: ScenarioStep, { seed, seconds }: { seed: number; seconds: number }) =>
  ({
    ...(seeded.has(request.command) && { seed }),
    ...(isTimed(request.command) && { seconds: Math.max(1, seconds) }),
    ...request,
  }) as CommandRequest;
