import {
  type CommandHandlers,
  CommandRefused,
  type CommandSender,
  createCommand,
  createResets,
  findScenario,
  runScenario,
  type Scenario,
  type ServiceContext,
} from '@shop/common';

/**
 * Runs the shop's own scenarios, one at a time: the page cannot, because it may be closed. When this service restarts, the other
 * services go back to their settings at the time at which the scenario would have ended.
 */
export function createScenarioCommands(
  sender: CommandSender,
  { signal, logger }: Pick<ServiceContext, 'signal' | 'logger'>,
): CommandHandlers {
  let running: { name: string; scenario: Scenario; stop: AbortController } | undefined;

  async function run(name: string, scenario: Scenario, stop: AbortController): Promise<void> {
    try {
      const ended = await runScenario({
        scenario,
        send: (request) => sender.send(createCommand(request)),
        signal: AbortSignal.any([signal, stop.signal]),
      });
      logger.info({ name, ended }, 'scenario ended');
    } catch (err) {
      logger.warn({ err, name }, 'scenario ended early: a command could not be sent');
    } finally {
      if (running?.stop === stop) running = undefined;
    }
  }

  return {
    scenario({ name, seed }) {
      if (running) throw new CommandRefused(`the scenario ${running.name} is running`);
      const found = findScenario(name);
      const scenario = { ...found, seed: seed ?? found.seed };
      running = { name, scenario, stop: new AbortController() };
      void run(name, scenario, running.stop);
      const { about, seconds } = scenario;
      return { name, about, seconds, seed: scenario.seed };
    },
    async reset() {
      if (!running) return undefined;
      const { name, scenario, stop } = running;
      stop.abort();
      running = undefined;
      for (const request of createResets(scenario)) await sender.send(createCommand(request));
      return { name };
    },
  };
}
