/** A message as the page lists it. */
export interface ListedEvent {
  /** Counts up with every message this process reads. */
  id: number;
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  value: unknown;
  timestamp: number;
  value_format?: 'text' | 'base64';
  key_format?: 'base64';
  headers?: Record<string, string>;
}

export interface Events {
  type: 'events';
  /** Replaces the list: the answer to a filter. */
  whole: boolean;
  /** Newest last. */
  events: ListedEvent[];
  /** How many more matched since the last time and are not shown. */
  left_out: number;
}

/** What the page sends, at most 1 KiB: which events it wants listed. `null` for all topics but `reports`. */
export interface Filter {
  type: 'filter';
  topics: string[] | null;
  text: string;
}
