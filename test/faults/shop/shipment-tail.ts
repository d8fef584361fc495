import { randomUUID } from 'node:crypto';
import { readJson, runConsumer, type ServiceContext, type Shipment, shipment, UnreadableMessage } from '@shop/common';
import type { Kafka } from 'kafkajs';

/** Follows the committed messages of `shipments`, from its end. */
export interface ShipmentTail {
  /** When the newest shipped order of each order partition was placed, ms since 1970. */
  newest(): ReadonlyMap<number, number>;
  /** Registers an order. @returns a function that returns its outcome, once there is one */
  expect(orderId: string): () => Shipment | undefined;
  /** The next offset to read in each partition of `shipments`. */
  readonly position: ReadonlyMap<number, number>;
}

export async function tailShipments(kafka: Kafka, topic: string, context: ServiceContext): Promise<ShipmentTail> {
  const newest = new Map<number, number>();
  const position = new Map<number, number>();
  const expected = new Map<string, Shipment | undefined>();
  const running = await runConsumer(
    {
      kafka,
      // A few fetches per second, so that the runner takes little CPU time from the shop.
      config: () => ({
        groupId: `faults-${randomUUID()}`,
        maxWaitTimeInMs: 100,
        minBytes: 256 * 1024,
        allowAutoTopicCreation: false,
      }),
      async start(consumer) {
        await consumer.subscribe({ topic, fromBeginning: false });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch: { partition, messages } }) => {
            for (const { value, offset } of messages) {
              position.set(partition, Number(offset) + 1);
              const read = readShipment(value);
              if (!read) continue;
              const at = Date.parse(read.ordered_at);
              if (at > (newest.get(read.order_partition) ?? 0)) newest.set(read.order_partition, at);
              if (expected.has(read.order_id)) expected.set(read.order_id, read);
            }
          },
        });
      },
    },
    context,
  );
  context.onClose(() => running.stop());
  return {
    newest: () => newest,
    expect(orderId) {
      expected.set(orderId, undefined);
      return () => {
        const shipment = expected.get(orderId);
        if (shipment) expected.delete(orderId);
        return shipment;
      };
    },
    position,
  };
}

/** Another service may write what is no shipment; the audit reports it. */
function readShipment(value: Buffer | null): Shipment | undefined {
  try {
    return readJson(value, shipment);
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}
