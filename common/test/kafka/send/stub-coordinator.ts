import { createRequire } from 'node:module';
import type { StubLog } from './stub-log.ts';

const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error');

const invalidEpoch = 47;
const invalidTransactionState = 48;

interface Caller {
  producerId: number;
  producerEpoch: number;
}

/** The requests of kafkajs's brokers that have to do with producers and their transactions. */
interface ProducerRequests {
  initProducerId(request: { transactionalId?: string }): Promise<Caller>;
  addPartitionsToTxn(request: Caller & { topics: { partitions: number[] }[] }): Promise<void>;
  endTxn(request: Caller & { transactionResult: boolean }): Promise<void>;
}

/** Kafka's coordinator of one transactional id, and the one who hands out producer ids. */
export function createCoordinator(logs: readonly StubLog[]) {
  const transactionalProducer = 1_000;
  let epoch = -1;
  let nextProducer = 1;
  const open = new Set<number>();

  function requireOwner({ producerId, producerEpoch }: Caller): void {
    if (producerId !== transactionalProducer || producerEpoch !== epoch) throw createErrorFromCode(invalidEpoch);
  }

  function end(state: 'committed' | 'aborted'): void {
    for (const partition of open) logs[partition]?.mark({ id: transactionalProducer, epoch }, state);
    open.clear();
  }

  return {
    /** @returns the error code of a write outside of an open transaction, or 0 */
    verify(partition: number, producerId: number, producerEpoch: number): number {
      if (producerId !== transactionalProducer || producerEpoch !== epoch) return invalidEpoch;
      return open.has(partition) ? 0 : invalidTransactionState;
    },
    createRequests(carryOut: <T>(work: () => T) => Promise<T>): ProducerRequests {
      return {
        initProducerId: ({ transactionalId }) =>
          carryOut(() => {
            if (transactionalId === undefined) return { producerId: nextProducer++, producerEpoch: 0 };
            // The new epoch shuts the former owner out, whose open transaction is undone.
            epoch += 1;
            end('aborted');
            return { producerId: transactionalProducer, producerEpoch: epoch };
          }),
        addPartitionsToTxn: (request) =>
          carryOut(() => {
            requireOwner(request);
            for (const partition of request.topics.flatMap((topic) => topic.partitions)) open.add(partition);
          }),
        endTxn: (request) =>
          carryOut(() => {
            requireOwner(request);
            end(request.transactionResult ? 'committed' : 'aborted');
          }),
      };
    },
  };
}
