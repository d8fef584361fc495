import { integer, readSettings, shopTopicNames, text, topicNames } from '@shop/common';
import { z } from 'zod';
import { origins } from './http/origins.ts';

/** Unset, or empty as docker-compose.yml passes it on. */
const unlessEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());

const tokenExpected = 'a text of 16 to 200 characters without spaces, or nothing';

const settings = z
  .object({
    /** Where page and stream are served. A container listens on 0.0.0.0. */
    HOST: text().default('127.0.0.1'),
    /** 0 takes a free port. */
    PORT: integer(0, 65_535).default(8_080),
    /** The topics that are served. */
    TOPICS: topicNames().default([...shopTopicNames]),
    /** Origins of foreign pages that may read the stream; the page's own origin always may. */
    ALLOWED_ORIGINS: origins.default([]),
    /** Open connections, all of them together. */
    MAX_CLIENTS: integer(1, 100_000).default(5_000),
    /** Open connections from one address; 0 for no limit. */
    MAX_CLIENTS_PER_ADDRESS: integer(0, 100_000).default(0),
    /** What may wait in memory for one client that reads slowly. */
    CLIENT_BUFFER_KIB: integer(16, 1_048_576).default(1_024),
    /** Messages kept of every topic for `?replay=N`. */
    REPLAY_PER_TOPIC: integer(0, 100_000).default(1_000),
    /** Messages kept for the page's list and search. */
    STORY_EVENTS: integer(100, 1_000_000).default(30_000),
    /** A client that has not answered a ping for two of these is given up. */
    HEARTBEAT_SECONDS: integer(1, 3_600).default(30),
    /** The address that the page is published on, if it is another than HOST: that of the container's machine. */
    PAGE_ADDRESS: text().optional(),
    /** Whether visitors may send commands; unset, the address decides (src/commands/control.ts). */
    SHOP_CONTROL: unlessEmpty(z.enum(['on', 'off', 'token'], 'on, off, token, or nothing')),
    /** Whether `npm start` obeys commands for Kafka, Connect, Postgres and ksqlDB; otherwise, they are refused. */
    SERVERS_OBEY: z.enum(['yes', 'no'], 'yes or no').default('no'),
    /** What a visitor must know to send commands. */
    SHOP_CONTROL_TOKEN: unlessEmpty(z.string(tokenExpected).regex(/^[\x21-\x7e]{16,200}$/, tokenExpected)),
  })
  .check(({ value: { SHOP_CONTROL, SHOP_CONTROL_TOKEN }, issues }) => {
    const message =
      SHOP_CONTROL === 'token' && SHOP_CONTROL_TOKEN === undefined
        ? 'something else, or set SHOP_CONTROL_TOKEN'
        : SHOP_CONTROL === 'on' && SHOP_CONTROL_TOKEN !== undefined
          ? 'token, because SHOP_CONTROL_TOKEN is set'
          : undefined;
    if (message) issues.push({ code: 'custom', path: ['SHOP_CONTROL'], input: SHOP_CONTROL, message });
  });

/** @throws SettingError */
export const readWebsocketSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);

export type WebsocketSettings = ReturnType<typeof readWebsocketSettings>;
