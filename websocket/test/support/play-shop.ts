import { type Command, command, readJson } from '@shop/common';
import { followTopic } from '@shop/test-support';
import type { Kafka } from 'kafkajs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { looks, openPage } from './open-page.ts';
import type { ShopMessage } from './simulate-shop.ts';

/** The topic that the page's list knows. The services of other tests do not read it. */
export const commandsTopic = { COMMANDS_TOPIC: 'shop_commands' };

/** Opens the tab Play. */
export async function openPlay(browser: Browser, port: number, look: BrowserContextOptions = looks.desktop) {
  const opened = await openPage(browser, port, look);
  await opened.page.locator('.page.open').waitFor();
  await opened.page.getByRole('link', { name: 'Play' }).click();
  return opened;
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const commandLine = (page: Page, text: string) => page.locator('.command-list li', { hasText: text }).first();

/** The answer of a service of the shop, which does not run here. */
export const answerTo = ({ command_id, target, command: name }: Command, details: object = {}): ShopMessage => ({
  topic: 'shop_command_results',
  key: command_id,
  value: JSON.stringify({
    command_id,
    target,
    instance: 'simulated',
    command: name,
    status: 'done',
    at: new Date().toISOString(),
    ...details,
  }),
});

/** Reads the next command of one kind, for any service or the one that is named. Other tests, and earlier runs, use the same topic. */
export async function followCommands(t: Parameters<typeof followTopic>[0], kafka: Kafka) {
  const { messages, reach } = await followTopic(t, kafka, commandsTopic.COMMANDS_TOPIC);
  const began = Date.now();
  return async (name: Command['command'], target?: Command['target']): Promise<Command> => {
    for (let count = 1; ; count += 1) {
      await reach(count);
      const read = readJson(messages[count - 1]?.value ?? null, command);
      const isIt = read.command === name && (target ?? read.target) === read.target;
      if (isIt && Date.parse(read.issued_at) >= began) return read;
    }
  };
}
