import type { Logger } from '@shop/common';
import type { Admin } from 'kafkajs';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CommandStatus } from '../commands/command.ts';
import type { CommandLog } from '../commands/command-log.ts';
import type { Engine } from '../engine/engine.ts';
import type { KafkaSession } from '../kafka/session.ts';
import type { PreparedPulls } from '../queries/prepared-pulls.ts';

/** What statements work on. */
export interface ServerState {
  readonly session: KafkaSession;
  readonly admin: Admin;
  readonly catalogue: Catalogue;
  readonly engine: Engine;
  readonly log: CommandLog;
  readonly logger: Logger;
  readonly prepared: PreparedPulls;
  /** What became of each command, by its id. */
  readonly statuses: Map<string, CommandStatus>;
}

export type StreamsProperties = Readonly<Record<string, unknown>>;
