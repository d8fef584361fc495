import { effect, signal } from '@preact/signals';
import type { Story } from '../../../src/messages/story.ts';
import { commandLines, sendCommand } from './commands.ts';
import { fetchStory } from './fetch-story.ts';

const playerKey = 'shop-player';

/** The customer whom the visitor plays; it ends with the tab of the browser. */
export const player = signal(readPlayer());
/** The command that registers them, until it is answered. */
export const registering = signal<string | null>(null);
export const playerStory = signal<Story | null>(null);
/** Why the history cannot be shown. */
export const playerError = signal<string | null>(null);

function readPlayer(): number | null {
  const kept = Number(sessionStorage.getItem(playerKey));
  return Number.isSafeInteger(kept) && kept > 0 ? kept : null;
}

/** Registers a customer; what is empty is made up. The visitor plays them once the updater has answered. */
export async function register(firstName: string, country: string): Promise<void> {
  const name = firstName.trim();
  registering.value = await sendCommand({
    target: 'updater',
    command: 'register',
    ...(name !== '' && { first_name: name }),
    ...(country !== '' && { country }),
  });
}

export function play(customer: number | null): void {
  if (customer === null) sessionStorage.removeItem(playerKey);
  else sessionStorage.setItem(playerKey, String(customer));
  player.value = customer;
  playerStory.value = null;
  playerError.value = null;
}

/** Reloads what happened to the customer. */
export async function loadPlayer(): Promise<void> {
  const id = player.value;
  if (id === null) return;
  const found = await fetchStory(String(id));
  if (player.value !== id) return;
  if (typeof found !== 'string') playerStory.value = found;
  playerError.value = typeof found === 'string' ? found : null;
}

effect(() => {
  const result = commandLines.value.find(({ command_id }) => command_id === registering.value)?.result;
  if (!result) return;
  registering.value = null;
  const id = result.details['customer_id'];
  if (result.status === 'done' && typeof id === 'number') play(id);
});
