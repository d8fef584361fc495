import { setTimeout as delay } from 'node:timers/promises';
import { type Kafka, Partitioners } from 'kafkajs';
import type { Command } from '../contracts/command.ts';
import type { ServiceContext } from '../service/run-service.ts';
import { describeError, ShopError } from '../shop-error.ts';

/** How long a broker may take to show that it answers, ms. */
const askMs = 3_000;

export interface CommandSender {
  /**
   * Sends a command once. Nothing is sent after this has ended.
   *
   * @throws ShopError `kafka_unavailable`, nothing was sent, or `command_unconfirmed`, Kafka may have the command
   */
  send(command: Command): Promise<void>;
}

/** Opens what sends commands. It needs no broker until a command is sent. */
export function createCommandSender(
  kafka: Kafka,
  topic: string,
  { onClose }: Pick<ServiceContext, 'onClose'>,
): CommandSender {
  const admin = kafka.admin({ retry: { retries: 0 } });
  // Without retries, kafkajs has given up when `send` ends.
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 0 },
  });
  onClose(() => Promise.all([admin.disconnect(), producer.disconnect()]));

  async function connect(): Promise<void> {
    await admin.connect();
    await admin.fetchTopicMetadata({ topics: [topic] });
    await producer.connect();
  }

  return {
    async send(command) {
      const late = delay(askMs, undefined, { ref: false }).then(() => {
        throw new Error(`no answer within ${askMs / 1_000} s`);
      });
      late.catch(() => {});
      try {
        await Promise.race([connect(), late]);
      } catch (cause) {
        throw new ShopError(
          'kafka_unavailable',
          `Kafka is unavailable (${describeError(cause)}). The command was not sent.`,
          {
            cause,
            canRetry: true,
          },
        );
      }
      try {
        await producer.send({ topic, acks: -1, messages: [{ key: command.target, value: JSON.stringify(command) }] });
      } catch (cause) {
        throw new ShopError(
          'command_unconfirmed',
          `Kafka did not confirm the command (${describeError(cause)}). It is not sent again. If Kafka has it, it acts within 60 s.`,
          { cause, canRetry: true },
        );
      }
    },
  };
}
