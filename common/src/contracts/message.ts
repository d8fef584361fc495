/** Headers by name. */
export interface MessageHeaders {
  [name: string]: string | Buffer | (string | Buffer)[] | undefined;
}

/** A message as it was read from a topic. Not a type of kafkajs, so that code that only handles messages needs no Kafka client. */
export interface ReceivedMessage {
  key: Buffer | null;
  value: Buffer | null;
  /** Milliseconds since 1970. */
  timestamp: string;
  offset: string;
  headers?: MessageHeaders | undefined;
}

/** A message to send. */
export interface OutgoingMessage {
  key?: string | Buffer | null;
  value: string | Buffer | null;
  headers?: MessageHeaders;
}
