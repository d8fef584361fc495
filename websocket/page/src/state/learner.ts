import { computed, effect, signal } from '@preact/signals';
import { findDone } from '../text/lesson-progress.ts';
import type { Seen } from '../text/lesson-steps.ts';
import { story } from './open-story.ts';
import { playerStory } from './player.ts';
import { queryAnswer, querySql } from './query.ts';
import { filter, listed, picture } from './state.ts';

/** Where the browser keeps what is done. */
const progressKey = 'shop-lessons';

interface Progress {
  /** When the visitor began, by the server's clock; `null` before that. */
  since: number | null;
  /** Names of steps. */
  done: readonly string[];
}

const nothing: Progress = { since: null, done: [] };
const progress = signal(readProgress());
export const doneSteps = computed(() => new Set(progress.value.done));

/** What another program or an older page wrote there counts as nothing. */
function readProgress(): Progress {
  try {
    const { since, done } = JSON.parse(localStorage.getItem(progressKey) ?? '');
    if (typeof since === 'number' && Array.isArray(done)) return { since, done };
  } catch {}
  return nothing;
}

function keepProgress(next: Progress): void {
  localStorage.setItem(progressKey, JSON.stringify(next));
  progress.value = next;
}

const isReading = signal(false);

/** Called when the visitor reads the lessons. What happens from then on counts. */
export function beginLessons(): void {
  isReading.value = true;
}

effect(() => {
  if (isReading.value && progress.value.since === null) startOver();
});

export function startOver(): void {
  if (picture.value) keepProgress({ since: picture.value.at, done: [] });
}

const lastQuery = signal<Seen['query']>(null);
effect(() => {
  const answer = queryAnswer.value;
  // Read once, because the visitor may type another query afterwards.
  lastQuery.value = answer && { sql: querySql.peek(), answer };
});

effect(() => {
  const { since, done } = progress.value;
  if (since === null || !picture.value) return;
  const news = findDone(doneSteps.value, {
    since,
    picture: picture.value,
    story: story.value,
    player: playerStory.value,
    topics: filter.value.topics ?? [],
    listed: listed.value,
    query: lastQuery.value,
  });
  if (news.length > 0) keepProgress({ since, done: [...done, ...news] });
});
