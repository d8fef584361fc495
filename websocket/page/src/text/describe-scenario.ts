import type { ScenarioLine } from '../../../src/messages/commands.ts';
import { time } from './format.ts';

/** `flash-sale` as a button shows it: “Flash sale”. */
export function titleOf(scenario: string): string {
  const words = scenario.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What became of a scenario, in a sentence. */
export function describeRun({ name, about, until, ended }: ScenarioLine): string {
  const title = titleOf(name);
  if (ended === 'complete') return `“${title}” has ended. The services are at their settings again.`;
  if (ended === 'reset') return `A visitor ended “${title}”. The services are at their settings again.`;
  if (ended === 'interrupted')
    return `websocket restarted, so “${title}” sends no further command. What it has set ends by itself, at ${time(until)} at the latest.`;
  return `“${title}” runs: ${about}.`;
}
