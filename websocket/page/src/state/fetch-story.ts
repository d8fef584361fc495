import type { Story } from '../../../src/messages/story.ts';

/**
 * Asks the server for what happened to a customer (id or name) or an order (id).
 *
 * @returns the story, or the reason for the screen
 */
export async function fetchStory(search: string): Promise<Story | string> {
  try {
    const response = await fetch(`/stories?${new URLSearchParams({ search })}`, { cache: 'no-store' });
    return response.ok ? await response.json() : await response.text();
  } catch {
    return 'The server did not answer. Is the connection lost?';
  }
}
