import { integer, readSettings } from '@shop/common';
import { z } from 'zod';

const settings = z.object({
  /** Time between two checks of all statements. */
  APPLY_INTERVAL_MS: integer(100, 3_600_000).default(10_000),
  /** Deadline of a CREATE or DROP, after which the service asks for its outcome. */
  STATEMENT_TIMEOUT_MS: integer(100, 3_600_000).default(120_000),
  /** How long a query may make no progress with messages to read before its table is recreated. */
  QUERY_STUCK_MS: integer(1_000, 86_400_000).default(300_000),
});

/** @throws SettingError */
export const readApplierSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
