import type { TestContext } from 'node:test';
import { createLogger, toTopicRecord } from '@shop/common';
import { buildMessage } from '@shop/test-support';
import { createStreamPaths } from '../../src/api/accept-stream.ts';
import { createHub } from '../../src/api/hub.ts';
import { readMessage } from '../../src/api/read-message.ts';
import { listen } from '../../src/http/listen.ts';
import { createUpgrades } from '../../src/http/upgrades.ts';
import { readWebsocketSettings } from '../../src/settings.ts';

/** The stream on a free port, with messages from the test instead of Kafka. */
export async function openStream(t: TestContext, env: Record<string, string> = {}) {
  const settings = readWebsocketSettings({ TOPICS: 'a,b', ...env });
  const hub = createHub({
    replayPerTopic: settings.REPLAY_PER_TOPIC,
    replayBytes: settings.CLIENT_BUFFER_KIB * 1_024,
  });
  let missed = 0;
  const countMissed = (count: number) => {
    missed += count;
  };
  const logger = createLogger('test', { LOG_LEVEL: 'silent' });
  const upgrades = createUpgrades(settings, logger, createStreamPaths({ hub, settings, countMissed }));
  const server = await listen('127.0.0.1', 0, (_request, response) => response.end(), upgrades);
  t.after(() => server.close());
  const offsets = new Map<string, number>();
  return {
    port: server.port,
    hub,
    upgrades,
    missed: () => missed,
    publish(topic: string, value: string | null, partition = 0): void {
      const offset = offsets.get(`${topic}${partition}`) ?? 0;
      offsets.set(`${topic}${partition}`, offset + 1);
      hub.publish(
        readMessage(
          toTopicRecord(topic, partition, buildMessage(offset, value, { key: 'k', timestamp: 1_700_000_000_000 })),
        ),
      );
    },
  };
}
