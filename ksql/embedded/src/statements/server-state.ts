import type { Logger } from '@shop/common';
import type { Admin } from 'kafkajs';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CommandStatus } from '../commands/command.ts';
import type { CommandLog } from '../commands/command-log.ts';
import type { Engine } from '../engine/engine.ts';
import type { KafkaSession } from '../kafka/session.ts';
import type { PreparedPulls } from '../queries/prepared-pulls.ts';

/** The state that statements read and change. */
export interface ServerState {
  readonly session: KafkaSession;
  readonly admin: Admin;
  readonly catalogue: Catalogue;
  readonly engine: Engine;
  readonly log: CommandLog;
  readonly logger: Logger;
  readonly prepared: PreparedPulls;
  /** The status of each command, by id. */
  readonly statuses: Map<string, CommandStatus>;
}

export type StreamsProperties = Readonly<Record<string, unknown>>;
