import { effect, signal } from '@preact/signals';
import type { Story } from '../../../src/messages/story.ts';
import { fetchStory } from './fetch-story.ts';
import { go, storyAddress, tabPath } from './route.ts';

/** The id of an order. Any other search text is the id or the name of a customer. */
const orderId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const story = signal<Story | null>(null);
export const storyError = signal<string | null>(null);

/** Opens the story of a customer at its address, which users can share. */
export const openCustomer = (idOrName: number | string) => go(`/customers/${encodeURIComponent(idOrName)}`);
/** Opens the story of an order at its address, which users can share. */
export const openOrder = (id: string) => go(`/orders/${encodeURIComponent(id)}`);
export const searchStory = (text: string) => (orderId.test(text) ? openOrder(text) : openCustomer(text));

export function closeStory(): void {
  if (storyAddress.value !== null) go(tabPath.value);
}

/** Reloads the open story, which continues. */
export async function loadStory(): Promise<void> {
  const address = storyAddress.value;
  if (address === null) return;
  const found = await fetchStory(address.search);
  if (storyAddress.value !== address) return;
  if (typeof found !== 'string') story.value = found;
  storyError.value = typeof found === 'string' ? found : null;
}

/** Loads the story that the address names. */
effect(() => {
  story.value = null;
  storyError.value = null;
  void loadStory();
});
