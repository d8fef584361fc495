import { createIdempotentProducer, waitUntilDone } from '@shop/common';
import type { Committer } from '../kafka/committer.ts';
import { readBack } from '../kafka/read-back.ts';
import type { KafkaSession } from '../kafka/session.ts';
import { type Command, commandSchema } from './command.ts';

/** The statements of this server in the order in which they were carried out, in a topic of one partition. */
export interface CommandLog {
  readonly commands: readonly Command[];
  /** The number the next command will have. */
  next(): number;
  append(command: Command): Promise<void>;
  close(): Promise<void>;
}

export async function openCommandLog(session: KafkaSession, committer: Committer): Promise<CommandLog> {
  const topic = session.names.commands;
  const commands: Command[] = [];
  await readBack(session, committer, [{ topic, partitions: 1 }], (_, __, { value }) => {
    if (value !== null) commands.push(commandSchema.parse(JSON.parse(value.toString())));
  });
  const producer = createIdempotentProducer(session.kafka);
  await waitUntilDone('Kafka', () => producer.connect(), session.context);
  let sequence = commands.at(-1)?.sequence ?? -1;
  return {
    commands,
    next: () => sequence + 1,
    async append(command) {
      await producer.send({
        topic,
        acks: -1,
        messages: [{ key: String(command.sequence), value: JSON.stringify(command) }],
      });
      sequence = command.sequence;
    },
    close: () => producer.disconnect(),
  };
}
