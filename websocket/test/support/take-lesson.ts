import assert from 'node:assert/strict';
import { type CommandRequest, createCommand, readTopics } from '@shop/common';
import { countDone, findDone } from '../../page/src/text/lesson-progress.ts';
import type { Seen } from '../../page/src/text/lesson-steps.ts';
import { lessons } from '../../page/src/text/lessons.ts';
import { createEventStore } from '../../src/shop/event-store.ts';
import { findStory } from '../../src/shop/find-story.ts';
import { listEvent } from '../../src/shop/list-event.ts';
import { createShopView } from '../../src/shop/shop-view.ts';
import { answerTo } from './play-shop.ts';
import { createShopSimulation, type ShopMessage } from './simulate-shop.ts';
import { toLive } from './to-live.ts';

/** A visitor who takes a lesson in a simulated shop. */
export function takeLesson(id: string, since = Date.now()) {
  const [view, shop] = [createShopView(readTopics({})), createShopSimulation()];
  const store = createEventStore({ count: 1_000, bytes: 1_000_000 });
  const done = new Set<string>();

  function see(messages: ShopMessage[]): ShopMessage[] {
    for (const each of messages) {
      const { message, json } = toLive(each);
      view.observe(message, false);
      store.add(message, json);
    }
    return messages;
  }

  const seen = (part: Partial<Seen>): Seen => ({
    since,
    picture: {
      ...view.picture(),
      type: 'picture',
      waiting_for: [],
      reading_since: 0,
      store: { events: store.size, oldest: store.oldest },
    },
    story: null,
    player: null,
    topics: [],
    listed: [...store.newestFirst()].map(listEvent),
    query: null,
    ...part,
  });

  return {
    shop,
    see,
    obey(request: CommandRequest, details: object = {}): void {
      const command = createCommand(request);
      see([
        { topic: 'shop_commands', key: command.target, value: JSON.stringify(command) },
        answerTo(command, details),
      ]);
    },
    storyOf: (search: string | number) => findStory(store, String(search), 'dummy.public.customers'),
    /** @returns how many steps are done now */
    stepsDone(part: Partial<Seen> = {}): number {
      for (const name of findDone(done, seen(part))) done.add(name);
      const lesson = lessons.find((each) => each.id === id);
      assert.ok(lesson, id);
      return countDone(lesson, done);
    },
  };
}
