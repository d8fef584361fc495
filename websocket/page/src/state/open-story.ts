import { signal } from '@preact/signals';
import type { Story } from '../../../src/messages/story.ts';
import { fetchStory } from './fetch-story.ts';

/** The search text; `null` when the history is closed. */
export const storySearch = signal<string | null>(null);
export const story = signal<Story | null>(null);
export const storyError = signal<string | null>(null);

/** Opens the story of a customer (id or name) or an order (id), and puts it into the page's address, so that users can share it. */
export function openStory(search: string): void {
  location.hash = `story=${encodeURIComponent(search)}`;
}

export function closeStory(): void {
  if (location.hash !== '') history.pushState(null, '', location.pathname + location.search);
  storySearch.value = null;
}

/** Reloads the open history, which continues. */
export async function loadStory(): Promise<void> {
  const search = storySearch.value;
  if (search === null) return;
  const found = await fetchStory(search);
  if (storySearch.value !== search) return;
  if (typeof found !== 'string') story.value = found;
  storyError.value = typeof found === 'string' ? found : null;
}

/** Opens the history that the page's address names. */
export function followAddress(): void {
  const [, search] = /^#story=(.+)$/.exec(location.hash) ?? [];
  storySearch.value = search === undefined ? null : decodeURIComponent(search);
  story.value = null;
  void loadStory();
}
