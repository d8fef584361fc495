import kafkajs from 'kafkajs';
import { describeError, toError } from '../../shop-error.ts';
import type { EosManager } from './internals.ts';
import type { PartitionBatch } from './partition-batch.ts';

/** Sequence numbers are 31 bits wide and start over at 0. */
const sequences = 2 ** 31;

/** What is known about an idempotent or transactional producer beyond kafkajs's own `eosManager`. */
export interface ProducerState {
  /** Runs sends one after the other: a batch gets its sequence number when the fate of those before it is known. */
  run<T>(send: () => Promise<T>): Promise<T>;
  sequenceOf(topic: string, partition: number): number;
  /** The broker has the batch: the next one of its partition follows behind it. */
  noteWritten(batch: PartitionBatch): void;
  /** A send failed; `batches` are those that it left without an answer. */
  noteFailure(error: Error, batches: readonly PartitionBatch[]): void;
}

const states = new WeakMap<EosManager, ProducerState>();

export function stateOf(eosManager: EosManager): ProducerState {
  const known = states.get(eosManager);
  if (known) return known;
  const created = createState(eosManager);
  states.set(eosManager, created);
  return created;
}

function createState(eosManager: EosManager): ProducerState {
  const next = new Map<string, number>();
  let identity = '';
  let queue: Promise<unknown> = Promise.resolve();
  /** Why the producer can no longer be used: the outcome of a batch is unknown, and so is the next sequence number. */
  let spoiled: Error | undefined;
  /** Why the open transaction can only be aborted. */
  let broken: Error | undefined;

  function requireUsable(): void {
    const current = `${eosManager.getProducerId()}/${eosManager.getProducerEpoch()}`;
    if (current !== identity) {
      // A new producer id or epoch starts with sequence 0, and Kafka rejects what is left of the former one.
      identity = current;
      next.clear();
      spoiled = undefined;
    }
    if (spoiled) throw refuse('a former send is in doubt; close the producer and open another', spoiled);
    if (broken) throw refuse('a send of this transaction failed; abort it', broken);
  }

  if (eosManager.isTransactional()) guardTransaction();

  /** A transaction is committed only when all that was sent in it has arrived, and ended only when nothing is in flight. */
  function guardTransaction(): void {
    const { commit, abort, sendOffsets } = eosManager;
    eosManager.commit = async () => {
      await queue;
      if (broken) throw refuse('the transaction cannot be committed: a send failed; abort it', broken);
      await commit();
    };
    eosManager.abort = async () => {
      // What still waits for its turn is not sent.
      broken ??= new Error('the transaction was aborted');
      await queue;
      await abort();
      broken = undefined;
    };
    eosManager.sendOffsets = async (offsets) => {
      try {
        await sendOffsets(offsets);
      } catch (error) {
        // A request without an answer could still arrive, and would count in the next transaction of the same epoch.
        broken = spoiled = toError(error);
        throw error;
      }
    };
  }

  return {
    run(send) {
      if (!eosManager.isInitialized()) return send();
      const result = queue.then(() => {
        requireUsable();
        return send();
      });
      queue = result.catch(() => undefined);
      return result;
    },
    sequenceOf: (topic, partition) => next.get(`${topic}/${partition}`) ?? 0,
    noteWritten({ topic, partition, firstSequence, messages }) {
      if (eosManager.isInitialized()) next.set(`${topic}/${partition}`, (firstSequence + messages.length) % sequences);
    },
    noteFailure(error, batches) {
      if (!eosManager.isInitialized()) return;
      if (eosManager.isTransactional()) broken = error;
      if (batches.some(({ mayBeWritten }) => mayBeWritten)) spoiled = error;
    },
  };
}

function refuse(what: string, cause: Error): Error {
  return Object.assign(new kafkajs.KafkaJSNonRetriableError(`${what} (${describeError(cause)})`), { cause });
}
