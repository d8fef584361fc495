import { pause, type ServiceContext, ShopError } from '@shop/common';
import type { ConnectClient } from '../connect-client.ts';
import type { ConnectorDefinition } from '../read-connectors.ts';

export interface SlotPlan {
  connect: Pick<ConnectClient, 'readStatus' | 'stop' | 'resetOffsets' | 'resume'>;
  hasSlot(slot: string): Promise<boolean>;
  /** Tells the topic which customers are gone; how many it were. */
  reportDeletions(): Promise<number>;
  /** How long a connector that runs may take to make its slot, ms. */
  graceMs?: number;
}

export interface SlotWatch {
  /** @throws ShopError while the connector has no slot */
  check(definition: ConnectorDefinition): Promise<void>;
}

/** How long Connect may take to stop a connector, ms. */
const stopMs = 30_000;

/**
 * Watches the replication slot of a connector that runs. Debezium goes on looking for one that is gone, and Connect says
 * RUNNING meanwhile. What was changed without a slot is in no log: the connector is made to begin with a new snapshot,
 * which shows every customer as they are now, and then those are reported deleted whom the topic knows and Postgres does not.
 */
export function createSlotWatch(
  { connect, hasSlot, reportDeletions, graceMs = 20_000 }: SlotPlan,
  { logger, signal }: Pick<ServiceContext, 'logger' | 'signal'>,
): SlotWatch {
  const seen = new Set<string>();
  const missingSince = new Map<string, number>();
  const inRepair = new Set<string>();

  async function takeSnapshot(name: string): Promise<void> {
    await connect.stop(name);
    try {
      await untilStopped(name);
      await connect.resetOffsets(name);
    } finally {
      // A connector that is stopped counts as stopped by somebody on purpose.
      await connect.resume(name);
    }
  }

  async function untilStopped(name: string): Promise<void> {
    const end = Date.now() + stopMs;
    for (;;) {
      const status = await connect.readStatus(name);
      if (status?.connector.state === 'STOPPED' && status.tasks.length === 0) return;
      if (Date.now() > end) throw new ShopError('connector_stopping', `${name} does not stop`, { canRetry: true });
      if (!(await pause(200, signal))) throw signal.reason;
    }
  }

  return {
    async check({ name, config }) {
      const slot = config['slot.name'];
      if (slot === undefined) return;
      if (await hasSlot(slot)) {
        missingSince.delete(name);
        seen.add(name);
        if (!inRepair.has(name)) return;
        const deleted = await reportDeletions();
        inRepair.delete(name);
        logger.warn({ connector: name, slot, deleted }, 'a new snapshot is taken, and who is gone is reported deleted');
        return;
      }
      const since = missingSince.get(name) ?? Date.now();
      missingSince.set(name, since);
      const lost = !inRepair.has(name) && (seen.has(name) || Date.now() - since >= graceMs);
      if (!lost)
        throw new ShopError('slot_missing', `${name}: it has no replication slot ${slot} yet`, { canRetry: true });
      logger.error(
        { connector: name, slot },
        'the replication slot is gone, and with it all changes since: a new snapshot will show how customers are now',
      );
      await takeSnapshot(name);
      inRepair.add(name);
      missingSince.delete(name);
      throw new ShopError('slot_lost', `${name}: its replication slot ${slot} was gone`, { canRetry: true });
    },
  };
}
