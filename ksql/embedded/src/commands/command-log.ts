import { createIdempotentProducer, waitUntilDone } from '@shop/common';
import type { Producer } from 'kafkajs';
import type { Committer } from '../kafka/committer.ts';
import { readBack } from '../kafka/read-back.ts';
import type { KafkaSession } from '../kafka/session.ts';
import { type Command, commandSchema } from './command.ts';

/** The statements that this server executed, in order, in a topic with one partition. */
export interface CommandLog {
  readonly commands: readonly Command[];
  /** The sequence number of the next command. */
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
  const open = async (): Promise<Producer> => {
    const opened = createIdempotentProducer(session.kafka);
    try {
      await opened.connect();
    } catch (error) {
      await opened.disconnect();
      throw error;
    }
    return opened;
  };
  let producer: Producer | undefined = await waitUntilDone('Kafka', open, session.context);
  let sequence = commands.at(-1)?.sequence ?? -1;
  return {
    commands,
    next: () => sequence + 1,
    async append(command) {
      producer ??= await open();
      try {
        await producer.send({
          topic,
          acks: -1,
          messages: [{ key: String(command.sequence), value: JSON.stringify(command) }],
        });
      } catch (error) {
        // After a send with an unknown result, an idempotent producer accepts no further batch.
        const failed = producer;
        producer = undefined;
        await failed.disconnect();
        throw error;
      }
      sequence = command.sequence;
    },
    async close() {
      await producer?.disconnect();
    },
  };
}
