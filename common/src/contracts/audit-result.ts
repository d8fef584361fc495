import { z } from 'zod';

/** One case in which a promise was broken, with what is needed to look it up. */
export const auditViolation = z.looseObject({
  problem: z.string().describe('What is wrong, in one word: `lost`, `shipped_twice`, …'),
  detail: z.string().optional(),
  order_id: z.string().optional(),
  customer_id: z.int().optional(),
  product: z.string().optional(),
  topic: z.string().optional(),
  partition: z.int().optional(),
  offset: z.int().optional(),
});

/** A message of `audit_results`. */
export const auditResult = z.looseObject({
  check: z.string().describe('P1 to P8.'),
  promise: z.string(),
  state: z
    .enum(['ok', 'violated', 'unchecked'])
    .describe('`unchecked`: the audit cannot tell; `text` gives the reason.'),
  cases: z.int().describe('Number of cases checked.'),
  violations: z.int().describe('Number of cases that break the promise.'),
  first: z.array(auditViolation).describe('The first few of them.'),
  figures: z
    .record(z.string(), z.number().nullable())
    .describe('Times in ms, and counts; null when nothing was measured.'),
  service_level: z
    .looseObject({ met: z.boolean(), text: z.string() })
    .optional()
    .describe('How well the shop does beyond its promise. Missing it is no violation.'),
  text: z.string().describe('One line for people.'),
  at: z.string().describe('ISO 8601.'),
});
export type AuditResult = z.infer<typeof auditResult>;
