import { findScenario, listScenarios } from '@shop/common';
import type { ScenarioOffer } from '../messages/commands.ts';

/** The shop's own scenarios, for the buttons of the page. */
export const offerScenarios = (): ScenarioOffer[] =>
  listScenarios().map((name) => {
    const { about, seconds } = findScenario(name);
    return { name, about, seconds };
  });
