import { describeError, type Logger, ShopError } from '@shop/common';
import type { ConnectClient, ConnectorPart, ConnectorStatus } from './connect-client.ts';
import { type Action, decide } from './decide.ts';
import type { ConnectorDefinition } from './read-connectors.ts';
import type { Repair } from './repair/repair-connector.ts';
import { createRestartPace } from './restart-pace.ts';
import type { Loss } from './source/source-watch.ts';

export interface Supervised {
  connect: ConnectClient;
  /** Creates the topics that the connector writes, if they are missing. */
  ensureTopics(definition: ConnectorDefinition): Promise<void>;
  /** Finds lost changes of a connector in any state. @throws ShopError while the connector waits for its source */
  findLoss(definition: ConnectorDefinition): Promise<Loss | undefined>;
  repair: Repair;
  onUpdate(): void;
  onRestart(): void;
  onRecreation(): void;
  logger: Logger;
}

export interface Supervisor {
  /**
   * Checks one connector and does what it needs to run.
   *
   * @throws ShopError while it does not run
   */
  supervise(definition: ConnectorDefinition): Promise<void>;
  /** The last status, by the connector's name. */
  readonly statuses: ReadonlyMap<string, ConnectorStatus>;
}

/** @param patienceMs how long a part may start before it is restarted */
export function createSupervisor(
  { connect, logger, ...supervised }: Supervised,
  { patienceMs = 30_000 } = {},
): Supervisor {
  const statuses = new Map<string, ConnectorStatus>();
  const seen = new Set<string>();
  const paces = new Map<string, ReturnType<typeof createRestartPace>>();
  const reported = new Map<string, string>();
  const waiting = new Map<string, { reason: string; sinceMs: number }>();

  async function create(definition: ConnectorDefinition): Promise<void> {
    const { name, config, file } = definition;
    await supervised.ensureTopics(definition);
    await connect.putConfig(name, config);
    if (seen.has(name)) {
      supervised.onRecreation();
      logger.warn({ connector: name, file }, 'connector was deleted, recreating it');
    } else logger.info({ connector: name, file }, 'created the connector');
  }

  async function update(definition: ConnectorDefinition, parameters: string[]): Promise<void> {
    const { name, config, file } = definition;
    await supervised.ensureTopics(definition);
    await connect.putConfig(name, config);
    supervised.onUpdate();
    logger.info({ connector: name, file, parameters }, 'updated the connector from its file');
  }

  /** @param part restarted in any state; without one, all parts that have failed */
  async function restart(definition: ConnectorDefinition, reason: string, part?: ConnectorPart): Promise<void> {
    const { name } = definition;
    const pace = paces.get(name) ?? createRestartPace();
    paces.set(name, pace);
    if (!pace.take(Date.now())) return;
    await supervised.ensureTopics(definition);
    await (part === undefined ? connect.restartFailed(name) : connect.restartPart(name, part));
    supervised.onRestart();
    // A failure that repeats is logged once.
    if (reported.get(name) !== reason)
      logger.warn(
        { connector: name, reason },
        part === undefined ? 'restarted the failed connector or task' : 'restarted a part that did not start',
      );
    reported.set(name, reason);
  }

  /** Notes the repair of a loss. @returns the reason, if changes were lost */
  async function noteLoss(definition: ConnectorDefinition): Promise<string | undefined> {
    const loss = await supervised.findLoss(definition);
    if (loss) await supervised.repair.note(definition.name, loss);
    return loss?.reason;
  }

  /** Where only a repair helps, Debezium would retry for half an hour, or fail again and again. */
  async function restartUnlessLost(
    definition: ConnectorDefinition,
    reason: string,
    part?: ConnectorPart,
  ): Promise<string> {
    let loss: string | undefined;
    try {
      loss = await noteLoss(definition);
    } catch (error) {
      await restart(definition, reason, part);
      throw error;
    }
    if (loss === undefined) await restart(definition, reason, part);
    return loss ?? reason;
  }

  /**
   * Whether the connector has waited for the same reason for longer than the patience. After a rebalance, Connect can report
   * UNASSIGNED for a part that runs, and only a restart of the part ends that (KAFKA-12525).
   */
  function hasWaitedTooLong(name: string, reason: string): boolean {
    const nowMs = Date.now();
    const last = waiting.get(name);
    const sinceMs = last?.reason === reason ? last.sinceMs : nowMs;
    waiting.set(name, { reason, sinceMs });
    return nowMs - sinceMs >= patienceMs;
  }

  async function checkRunning(definition: ConnectorDefinition): Promise<string | undefined> {
    const { name } = definition;
    const lost = await noteLoss(definition);
    if (lost !== undefined) return lost;
    await supervised.repair.finish(definition);
    reported.delete(name);
    return undefined;
  }

  async function act(definition: ConnectorDefinition, action: Action): Promise<string | undefined> {
    switch (action.do) {
      case 'create':
        await create(definition);
        return 'created, not yet running';
      case 'update':
        await update(definition, action.parameters);
        return 'changed, not yet running again';
      case 'restart':
        return restartUnlessLost(definition, action.reason);
      case 'leave':
        return action.reason;
      case 'wait':
        if (hasWaitedTooLong(definition.name, action.reason))
          return restartUnlessLost(definition, action.reason, action.part);
        return (await noteLoss(definition)) ?? action.reason;
      case 'nothing':
        if (paces.get(definition.name)?.runs(Date.now()) === false) return 'restarted a moment ago';
        return checkRunning(definition);
    }
  }

  return {
    statuses,
    async supervise(definition) {
      const { name, config, file } = definition;
      let action: Action;
      let left: string | undefined;
      try {
        const running = await connect.readConfig(name);
        const status = running && (await connect.readStatus(name));
        if (status) statuses.set(name, status);
        else statuses.delete(name);
        action = decide(config, running, status);
        if (action.do !== 'wait') waiting.delete(name);
        const repaired = running !== undefined && (await supervised.repair.advance(definition, status));
        left = repaired ? 'it starts over, with a new snapshot' : await act(definition, action);
        seen.add(name);
      } catch (cause) {
        statuses.delete(name);
        if (!(cause instanceof ShopError) || cause.code !== 'connect_refused') throw cause;
        throw new ShopError(cause.code, `${file}: ${describeError(cause)}`, { cause, canRetry: cause.canRetry });
      }
      const code = action.do === 'leave' ? 'connector_paused' : 'connector_not_running';
      if (left !== undefined) throw new ShopError(code, `${name}: ${left}`, { canRetry: true });
    },
  };
}
