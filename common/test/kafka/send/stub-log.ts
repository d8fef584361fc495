interface Producer {
  id: number;
  epoch: number;
}

interface WrittenBatch {
  first: number;
  count: number;
}

interface Entry {
  value: string;
  producer: Producer;
  /** Of a transaction: open until its marker; absent outside of one. */
  state?: 'open' | 'committed' | 'aborted';
}

const success = 0;
const outOfOrder = 45;
const invalidEpoch = 47;
/** Kafka keeps the sequence numbers of so many batches of a producer. */
const remembered = 5;

/** One partition as its leaders know it: what is in it, and the last batches of each producer. */
export interface StubLog {
  /** @returns the error code; a batch that is there already is not written again */
  append(producer: Producer, firstSequence: number, values: string[], transactional?: boolean): number;
  /** Ends what the producer has written since its last marker, and shuts out lower epochs. */
  mark(producer: Producer, state: 'committed' | 'aborted'): void;
  /** What a consumer that reads committed messages sees. */
  read(): string[];
}

export function createLog(): StubLog {
  const entries: Entry[] = [];
  const producers = new Map<number, { epoch: number; batches: WrittenBatch[] }>();

  return {
    append(producer, firstSequence, values, transactional = false) {
      if (producer.id < 0) {
        entries.push(...values.map((value) => ({ value, producer })));
        return success;
      }
      const known = producers.get(producer.id);
      if (known && producer.epoch < known.epoch) return invalidEpoch;
      const batches = known?.epoch === producer.epoch ? known.batches : [];
      if (batches.some(({ first, count }) => first === firstSequence && count === values.length)) return success;
      const last = batches.at(-1);
      const expected = last ? last.first + last.count : 0;
      if (firstSequence !== expected) return outOfOrder;
      const written = [...batches, { first: firstSequence, count: values.length }].slice(-remembered);
      producers.set(producer.id, { epoch: producer.epoch, batches: written });
      for (const value of values) entries.push({ value, producer, ...(transactional && { state: 'open' as const }) });
      return success;
    },
    mark(producer, state) {
      for (const entry of entries) if (entry.producer.id === producer.id && entry.state === 'open') entry.state = state;
      const known = producers.get(producer.id);
      if (!known || known.epoch < producer.epoch) producers.set(producer.id, { epoch: producer.epoch, batches: [] });
    },
    read: () => entries.filter(({ state }) => state === undefined || state === 'committed').map(({ value }) => value),
  };
}
