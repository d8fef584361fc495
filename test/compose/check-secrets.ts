import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readPostgresSettings } from '@shop/common';
import { docker } from './docker.ts';
import type { ComposeShop } from './start-compose.ts';

/** Checks that no image layer, no output of `docker inspect` and no log contains a login of config/. */
export async function checkSecrets(fleet: ComposeShop): Promise<void> {
  const { shop, debezium } = readPostgresSettings({});
  const secrets = [shop.password, debezium.password];
  const containers = await fleet.containers();
  const inspected = await docker(['inspect', ...containers.map(({ Name: name }) => name)]);
  const logs = await fleet.compose('logs', '--no-color');
  for (const secret of secrets) {
    assert.ok(!inspected.includes(secret), 'docker inspect shows a login');
    assert.ok(!logs.includes(secret), 'a log shows a login');
  }
  assert.ok(logs.includes('debezium_source_conn'), 'the logs were read');
  const ours = containers.map(({ Config: { Image: image } }) => image).filter((image) => image.startsWith('shop-test'));
  assert.ok(ours.length >= 9);
  assert.equal(await countInLayers(ours, ['shopTopicNames', ...secrets]), 1, 'only the first word is in a layer');
}

/** Counts the words that occur in the images' layers. `docker save` does not compress them. */
async function countInLayers(images: readonly string[], words: readonly string[]): Promise<number> {
  const missing = new Set(words);
  const longest = Math.max(...words.map((word) => word.length));
  const save = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(save, 'close');
  let tail = '';
  for await (const chunk of save.stdout) {
    const text = tail + Buffer.from(chunk).toString('latin1');
    for (const word of missing) if (text.includes(word)) missing.delete(word);
    tail = text.slice(-longest);
  }
  assert.equal((await ended)[0], 0, 'docker save');
  return words.length - missing.size;
}
