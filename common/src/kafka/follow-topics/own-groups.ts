import { randomUUID } from 'node:crypto';
import type { Admin } from 'kafkajs';
import type { Logger } from '../../logger.ts';
import { describeError } from '../../shop-error.ts';

/** Groups that could not be deleted and are remembered. */
const mostGroups = 20;

/**
 * Consumer groups with one member each. kafkajs reads only as a member of a group, and in a group of the same name a consumer
 * would wait for the member that a crash left there.
 */
export function createOwnGroups(admin: Admin, prefix: string, logger: Logger) {
  const created: string[] = [];

  async function deleteGroups(groupIds: string[]): Promise<void> {
    if (groupIds.length === 0) return;
    try {
      await admin.deleteGroups(groupIds);
    } catch (error) {
      // They are deleted with the next ones; and Kafka deletes a group without members by itself later.
      created.unshift(...groupIds.slice(-mostGroups));
      logger.debug({ groups: groupIds, reason: describeError(error) }, 'consumer groups not deleted, trying later');
    }
  }

  return {
    next(): string {
      const groupId = `${prefix}-${randomUUID()}`;
      created.push(groupId);
      return groupId;
    },
    deleteFormer: () => deleteGroups(created.splice(0, created.length - 1)),
    deleteAll: () => deleteGroups(created.splice(0)),
  };
}
