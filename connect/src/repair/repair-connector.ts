import { pause, type RepairNote, type ServiceContext, ShopError } from '@shop/common';
import type { ConnectClient, ConnectorStatus } from '../connect-client.ts';
import type { ConnectorDefinition } from '../read-connectors.ts';
import type { Loss, SourceWatch } from '../source/source-watch.ts';
import type { RepairNotes } from './repair-notes.ts';
import type { SnapshotWatch } from './snapshot-watch.ts';

export interface RepairPlan {
  connect: Pick<ConnectClient, 'readStatus' | 'hasOffsets' | 'stop' | 'resetOffsets' | 'resume'>;
  notes: RepairNotes;
  /** Sends a deletion for each customer who left. @returns how many */
  reportDeletions(): Promise<number>;
  /** What Postgres needs before the snapshot. */
  source: Pick<SourceWatch, 'prepare' | 'startOver'>;
  /** Snapshots that Debezium has taken, with or without a repair. */
  snapshots: SnapshotWatch;
}

export interface Repair {
  /** Notes the loss in Kafka, before the repair begins. */
  note(name: string, loss: Loss): Promise<void>;
  /**
   * Does what a repair needs before the connector can run.
   *
   * @param status of the connector
   * @returns whether something was done
   */
  advance(definition: ConnectorDefinition, status: ConnectorStatus | undefined): Promise<boolean>;
  /**
   * Finishes a repair, or answers a snapshot that Debezium took by itself. Call this when the connector runs.
   *
   * @throws ShopError while its new snapshot has not begun
   */
  finish(definition: ConnectorDefinition): Promise<void>;
}

/** How long Connect may take to stop a connector, ms. */
const stopMs = 30_000;

const ownSnapshot = 'Debezium has taken a snapshot by itself, because its slot or its offsets were missing';

/**
 * Lost changes cannot be replayed. The repair makes the connector take a new snapshot, which shows every current customer. It
 * sends a deletion for each known customer whom Postgres no longer has: before the snapshot, and again once it has begun, for
 * those who left in between. Each step is noted before it is done and can be repeated, so a registrar that is killed continues
 * the repair when it restarts.
 */
export function createRepair(
  { connect, notes, reportDeletions, source, snapshots }: RepairPlan,
  { logger, signal }: Pick<ServiceContext, 'logger' | 'signal'>,
): Repair {
  async function untilStopped(name: string): Promise<void> {
    const end = Date.now() + stopMs;
    for (;;) {
      const status = await connect.readStatus(name);
      if (status?.connector.state === 'STOPPED' && status.tasks.length === 0) return;
      if (Date.now() > end) throw new ShopError('connector_stopping', `${name} does not stop`, { canRetry: true });
      if (!(await pause(200, signal))) throw signal.reason;
    }
  }

  async function startOver(definition: ConnectorDefinition, note: RepairNote): Promise<void> {
    const { name } = definition;
    // First, so that a missing table does not stop the connector again and again.
    await source.prepare(definition);
    await connect.stop(name);
    try {
      await untilStopped(name);
      await source.startOver(definition);
      await connect.resetOffsets(name);
      // Changes after the snapshot make waiting orders time out. With the deletion before them, the order of a customer who
      // has left ends as `customer_deleted`.
      const deleted = await reportDeletions();
      await notes.write(name, { ...note, stage: 'deletions', deleted });
    } finally {
      await connect.resume(name);
    }
  }

  return {
    async note(name, { check, reason }) {
      logger.error(
        { connector: name, check, reason },
        'changes were lost: taking a new snapshot, then reporting deleted customers',
      );
      await notes.write(name, { stage: 'begun', reason, since: new Date().toISOString() });
    },

    async advance(definition, status) {
      const { name } = definition;
      const note = notes.read(name);
      if (!note) return false;
      if (note.stage === 'begun') await startOver(definition, note);
      // A registrar that was killed stopped the connector and could not resume it.
      else if (status?.connector.state === 'STOPPED') await connect.resume(name);
      else return false;
      return true;
    },

    async finish({ name, config }) {
      const noted = notes.read(name);
      // A customer who leaves before the snapshot begins is neither in the snapshot nor in the stream after it.
      if (noted && !(await connect.hasOffsets(name)))
        throw new ShopError('snapshot_missing', `${name}: its new snapshot has not begun`, { canRetry: true });
      const topic = config['notification.sink.topic.name'];
      const answered = topic === undefined ? undefined : await snapshots.findNew(name, topic);
      if (!noted && !answered) return;
      const note = noted ?? { stage: 'deletions', reason: ownSnapshot, since: new Date().toISOString() };
      // While there is a note, no order times out for a customer whose deletion has yet to be reported.
      if (!noted) await notes.write(name, note);
      const deleted = (note.deleted ?? 0) + (await reportDeletions());
      await notes.clear(name);
      await answered?.();
      logger.warn(
        { connector: name, reason: note.reason, deleted },
        'took a new snapshot and reported deleted customers',
      );
    },
  };
}
