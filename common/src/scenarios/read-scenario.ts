import { parse } from 'yaml';
import { z } from 'zod';
import { createCommand } from '../commands/create-command.ts';
import type { CommandRequest } from '../contracts/command.ts';
import { seed } from '../contracts/commands/fields.ts';
import { describeError, ShopError } from '../shop-error.ts';

/** Maximum length of a scenario's file, in characters. */
const mostCharacters = 65_536;

/** Commands at their times. */
export interface Scenario {
  about: string;
  /** How long it takes. Then every service goes back to its settings. */
  seconds: number;
  seed: number;
  /** In the order of their times. */
  steps: readonly ScenarioStep[];
}

export interface ScenarioStep {
  /** Seconds from the start of the scenario. */
  at: number;
  request: CommandRequest;
}

const scenarioFile = z.strictObject({
  about: z.string().min(1).max(200),
  seconds: z.number().min(1).max(600),
  seed: seed.default(1),
  commands: z
    .array(z.looseObject({ at: z.number().min(0), command: z.string() }))
    .min(1)
    .max(100),
});

/**
 * Reads a scenario in YAML. `at` is the time of a command; its other fields are those of the contract.
 *
 * @param file as it is named in messages
 * @throws ShopError `invalid_scenario`, which names file, key and what was expected
 */
export function readScenario(text: string, file: string): Scenario {
  const read = scenarioFile.safeParse(parseYaml(text, file));
  if (!read.success) {
    const { path = [], message = '' } = read.error.issues[0] ?? {};
    throw invalid(file, [...path.map(String), message].join(': '));
  }
  const { about, seconds, seed, commands } = read.data;
  const steps = commands.map(({ at, ...request }, index) => {
    const place = `commands: ${index}`;
    if (at >= seconds) throw invalid(file, `${place}: at: Too big: expected a time before the end, ${seconds} s`);
    if (request.command === 'scenario') throw invalid(file, `${place}: command: a scenario contains no other one`);
    try {
      createCommand(request as unknown as CommandRequest);
    } catch (error) {
      throw invalid(file, `${place}: ${describeError(error)}`);
    }
    return { at, request: request as unknown as CommandRequest };
  });
  return { about, seconds, seed, steps: steps.sort((a, b) => a.at - b.at) };
}

function parseYaml(text: string, file: string): unknown {
  if (text.length > mostCharacters) throw invalid(file, `expected at most ${mostCharacters} characters`);
  try {
    return parse(text);
  } catch (error) {
    throw invalid(file, describeError(error));
  }
}

const invalid = (file: string, problem: string) => new ShopError('invalid_scenario', `${file}: ${problem}`);
