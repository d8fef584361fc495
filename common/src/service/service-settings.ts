import { hostname } from 'node:os';
import { integerSetting, optionalIntegerSetting, readEnvironment, textSetting } from '../settings/environment.ts';

/** What every service can be told about its own process. @throws SettingError */
export function readServiceSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** Tells several instances of one service apart. */
      INSTANCE: textSetting(hostname()),
      /** Within this time after SIGTERM everything is closed. */
      SHUTDOWN_GRACE_MS: integerSetting({ min: 0, max: 600_000, fallback: 8_000 }),
      /** Where /health and /metrics answer; nowhere when unset. */
      HEALTH_PORT: optionalIntegerSetting({ min: 0, max: 65_535 }),
    },
    env,
  );
}
