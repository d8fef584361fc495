import { describeError, type Logger, type ServiceContext } from '@shop/common';
import type { Admin, Consumer } from 'kafkajs';

export interface GroupWatchPlan {
  admin: Admin;
  groupId: string;
}

/** Prefix of the client ids of this service's instances. */
const prefixOf = (service: string) => `${service}-`;

/** Stands for a member that uses the protocol of KIP-848: kafkajs cannot list the members of its groups. */
const unlisted = 'unknown; kafka-consumer-groups --describe --members lists them';

/**
 * Checks the members of a consumer group whenever a consumer joins it or fails to. Logs one line when programs other than
 * this service are in the group, and one when they have left.
 */
export function createGroupWatch(
  { admin, groupId }: GroupWatchPlan,
  { name, logger }: Pick<ServiceContext, 'name' | 'logger'>,
): (consumer: Consumer) => void {
  let shown = '';

  async function look(hasJoined: boolean): Promise<void> {
    const [group] = (await admin.describeGroups([groupId])).groups;
    // Clients of the former protocol see a group with members of the new one as dead.
    const isConverted = hasJoined && group?.state === 'Dead';
    const strangers = isConverted
      ? unlisted
      : (group?.members ?? [])
          .filter(({ clientId }) => !clientId.startsWith(prefixOf(name)))
          .map(({ clientId, clientHost }) => ({ client_id: clientId, host: clientHost.replace(/^\//, '') }));
    const text = JSON.stringify(strangers);
    if (text === shown || (shown === '' && strangers.length === 0)) return;
    shown = text;
    if (strangers.length > 0)
      logger.error(
        { group: groupId, strangers },
        'another program is in the consumer group of this service; give it another group id',
      );
    else logger.info({ group: groupId }, 'the other program has left the consumer group');
  }

  const lookOrTellWhy = (hasJoined: boolean) =>
    look(hasJoined).catch((error: unknown) => logDebug(logger, groupId, error));
  return (consumer) => {
    consumer.on(consumer.events.GROUP_JOIN, () => lookOrTellWhy(true));
    consumer.on(consumer.events.CRASH, () => lookOrTellWhy(false));
  };
}

const logDebug = (logger: Logger, group: string, error: unknown) =>
  logger.debug({ group, reason: describeError(error) }, 'the members of the group could not be listed');
