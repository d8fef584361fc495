import { type ServiceContext, type TopicRecord, UnreadableMessage } from '@shop/common';

/** Rows named in one line of the log. */
const mostNamed = 10;
/** Characters of a key in the log. */
const longestKey = 100;

export interface UnreadableRows {
  /** Calls `read`, and notes the row when its message is not what the topic promises. @returns whether it could be read */
  tryRead(row: TopicRecord, read: () => void): boolean;
  /** Logs what was noted. Each row is counted in `rows_unreadable`. */
  report(): void;
}

/** Rows that the repair could not read, by topic. */
export function createUnreadableRows({ report, logger }: Pick<ServiceContext, 'report' | 'logger'>): UnreadableRows {
  const count = report.counter('rows_unreadable', 'Rows in Kafka that a repair could not read');
  const noted = new Map<string, { count: number; first: object[] }>();
  return {
    tryRead({ topic, key, partition, offset }, read) {
      try {
        read();
        return true;
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        const rows = noted.get(topic) ?? { count: 0, first: [] };
        noted.set(topic, rows);
        rows.count += 1;
        if (rows.first.length < mostNamed)
          rows.first.push({
            key: key?.toString().slice(0, longestKey) ?? null,
            partition,
            offset,
            reason: error.message,
          });
        return false;
      }
    },
    report() {
      for (const [topic, { count: rows, first }] of noted) {
        count(rows);
        logger.warn(
          { topic, rows, first },
          'rows cannot be read: the repair asks Postgres for their customers by the key',
        );
      }
      noted.clear();
    },
  };
}
