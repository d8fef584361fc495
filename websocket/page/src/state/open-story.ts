import { signal } from '@preact/signals';
import type { Story } from '../../../src/messages/story.ts';

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
  try {
    const response = await fetch(`/stories?${new URLSearchParams({ search })}`, { cache: 'no-store' });
    const refused = response.ok ? null : await response.text();
    const found: Story | null = response.ok ? await response.json() : null;
    if (storySearch.value !== search) return;
    story.value = found;
    storyError.value = refused;
  } catch {
    storyError.value = 'The server did not answer. Is the connection lost?';
  }
}

/** Opens the history that the page's address names. */
export function followAddress(): void {
  const [, search] = /^#story=(.+)$/.exec(location.hash) ?? [];
  storySearch.value = search === undefined ? null : decodeURIComponent(search);
  story.value = null;
  void loadStory();
}
