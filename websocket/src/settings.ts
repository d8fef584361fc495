import {
  integerSetting,
  readEnvironment,
  type Setting,
  shopTopicNames,
  textSetting,
  topicListSetting,
} from '@shop/common';
import { originListSetting } from './http/origins.ts';

const settings = {
  /** Where page and stream are served. A container listens on 0.0.0.0. */
  HOST: textSetting('127.0.0.1'),
  /** 0 takes a free port. */
  PORT: integerSetting({ min: 0, max: 65_535, fallback: 8_080 }),
  TOPICS: topicListSetting([...shopTopicNames]),
  /** Origins of foreign pages that may read the stream; the page's own origin always may. */
  ALLOWED_ORIGINS: originListSetting(),
  /** Open connections, all of them together. */
  MAX_CLIENTS: integerSetting({ min: 1, max: 100_000, fallback: 5_000 }),
  /** Open connections from one address; 0 for no limit. */
  MAX_CLIENTS_PER_ADDRESS: integerSetting({ min: 0, max: 100_000, fallback: 0 }),
  /** What may wait in memory for one client that reads slowly. */
  CLIENT_BUFFER_KIB: integerSetting({ min: 16, max: 1_048_576, fallback: 1_024 }),
  /** Messages kept of every topic for `?replay=N`. */
  REPLAY_PER_TOPIC: integerSetting({ min: 0, max: 100_000, fallback: 1_000 }),
  /** Messages kept for the page's list and search. */
  STORY_EVENTS: integerSetting({ min: 100, max: 1_000_000, fallback: 30_000 }),
  /** A client that has not answered a ping for two of these is given up. */
  HEARTBEAT_SECONDS: integerSetting({ min: 1, max: 3_600, fallback: 30 }),
} satisfies Record<string, Setting<unknown>>;

export type WebsocketSettings = ReturnType<typeof readWebsocketSettings>;

/** @throws SettingError */
export function readWebsocketSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(settings, env);
}
