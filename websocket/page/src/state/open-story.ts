import { signal } from '@preact/signals';
import type { Story } from '../../../src/messages/story.ts';

/** What is looked for; `null` when the story is closed. */
export const storySearch = signal<string | null>(null);
export const story = signal<Story | null>(null);
export const storyError = signal<string | null>(null);

/** Opens the story of a customer (id or name) or an order (id), and puts it into the address, to be shared. */
export function openStory(search: string): void {
  location.hash = `story=${encodeURIComponent(search)}`;
}

export function closeStory(): void {
  if (location.hash !== '') history.pushState(null, '', location.pathname + location.search);
  storySearch.value = null;
}

/** Asks again for what is open: the story goes on. */
export async function loadStory(): Promise<void> {
  const search = storySearch.value;
  if (search === null) return;
  try {
    const response = await fetch(`stories?${new URLSearchParams({ search })}`, { cache: 'no-store' });
    const refused = response.ok ? null : await response.text();
    const found: Story | null = response.ok ? await response.json() : null;
    if (storySearch.value !== search) return;
    story.value = found;
    storyError.value = refused;
  } catch {
    storyError.value = 'The server did not answer. Is the connection lost?';
  }
}

/** Follows the address of the page. */
export function followAddress(): void {
  const [, search] = /^#story=(.+)$/.exec(location.hash) ?? [];
  storySearch.value = search === undefined ? null : decodeURIComponent(search);
  story.value = null;
  void loadStory();
}
