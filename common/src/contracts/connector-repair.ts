import { z } from 'zod';

/** A note on a repair: a message of `connector_repairs` whose key is the connector's name. Without a value: the repair is done. */
export const repairNote = z.looseObject({
  /** `begun`: the connector has to start over. `deletions`: the deletions have to be reported once its snapshot has begun. */
  stage: z.enum(['begun', 'deletions']),
  /** What was lost. */
  reason: z.string(),
  /** ISO 8601. */
  since: z.string(),
  /** Deletions that were reported before the snapshot. */
  deleted: z.int().optional(),
});
export type RepairNote = z.infer<typeof repairNote>;

/** Suffixes of the other keys of `connector_repairs`: what the registrar remembers of a connector. */
export const repairSuffixes = { marks: '/marks', snapshots: '/snapshots' } as const;
const remembered = Object.keys(repairSuffixes) as (keyof typeof repairSuffixes)[];

/** Returns the connector that a key of `connector_repairs` names, and what the message holds. */
export function readRepairKey(key: string): { connector: string; holds: 'note' | keyof typeof repairSuffixes } {
  const holds = remembered.find((each) => key.endsWith(repairSuffixes[each]));
  return holds ? { connector: key.slice(0, -repairSuffixes[holds].length), holds } : { connector: key, holds: 'note' };
}
