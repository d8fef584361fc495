import { z } from 'zod';

const serviceState = z.enum(['starting', 'ready', 'waiting', 'stopping', 'stopped', 'failed']);
export type ServiceState = z.infer<typeof serviceState>;

/** A message of `service_status`. */
export const serviceStatus = z.looseObject({
  service: z.string(),
  instance: z.string(),
  state: serviceState,
  since: z.string().describe('When the state began, ISO 8601.'),
  started_at: z.string().optional().describe('When the process started, ISO 8601.'),
  waiting_for: z.array(z.string()).describe('Dependencies that are unavailable.'),
  counters: z.record(z.string(), z.number()),
  last_error: z.object({ message: z.string(), at: z.string() }).nullable(),
  at: z.string().describe('When this was written, ISO 8601.'),
});
export type ServiceStatus = z.infer<typeof serviceStatus>;
