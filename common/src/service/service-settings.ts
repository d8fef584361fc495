import { hostname } from 'node:os';
import { z } from 'zod';
import { readSettings } from '../settings/read-settings.ts';
import { integer, optionalInteger, text } from '../settings/setting-types.ts';

const settings = z.object({
  /** Tells several instances of one service apart. */
  INSTANCE: text().default(hostname()),
  /** Within this time after SIGTERM everything is closed. */
  SHUTDOWN_GRACE_MS: integer(0, 600_000).default(8_000),
  /** Where /health and /metrics answer; nowhere when unset. */
  HEALTH_PORT: optionalInteger(0, 65_535),
});

/** The settings of a service's own process, which every service has. @throws SettingError */
export const readServiceSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
