import { z } from 'zod';

const serviceState = z.enum(['starting', 'ready', 'waiting', 'stopping', 'stopped', 'failed']);
export type ServiceState = z.infer<typeof serviceState>;

/** A message of `service_status`, published every few seconds; key: `service/instance`. */
export const serviceStatus = z.looseObject({
  service: z.string(),
  instance: z.string(),
  state: serviceState,
  /** When the state began, ISO 8601. */
  since: z.string(),
  /** Dependencies that are unavailable. */
  waiting_for: z.array(z.string()),
  counters: z.record(z.string(), z.number()),
  last_error: z.object({ message: z.string(), at: z.string() }).nullable(),
  /** When this was written, ISO 8601. */
  at: z.string(),
});
export type ServiceStatus = z.infer<typeof serviceStatus>;
