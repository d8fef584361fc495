import { z } from 'zod';

/** One case in which a promise was broken, with what is needed to look it up. */
export const auditViolation = z.looseObject({
  /** What is wrong, in one word: `lost`, `shipped_twice`, … */
  problem: z.string(),
  detail: z.string().optional(),
  order_id: z.string().optional(),
  customer_id: z.int().optional(),
  product: z.string().optional(),
  topic: z.string().optional(),
  partition: z.int().optional(),
  offset: z.int().optional(),
});

/** A message of `audit_results`, the latest finding about one promise; key: `check`. */
export const auditResult = z.looseObject({
  /** P1 to P8. */
  check: z.string(),
  promise: z.string(),
  /** `unchecked`: the audit cannot tell; `text` gives the reason. */
  state: z.enum(['ok', 'violated', 'unchecked']),
  /** Number of cases checked. */
  cases: z.int(),
  /** Number of cases that break the promise. `first` names only the first few. */
  violations: z.int(),
  first: z.array(auditViolation),
  /** Times in ms, and counts; null when nothing was measured. */
  figures: z.record(z.string(), z.number().nullable()),
  /** How well the shop does beyond its promise. Missing it is no violation. */
  service_level: z.looseObject({ met: z.boolean(), text: z.string() }).optional(),
  /** One line for people. */
  text: z.string(),
  /** ISO 8601. */
  at: z.string(),
});
export type AuditResult = z.infer<typeof auditResult>;
