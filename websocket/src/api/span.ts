/** Messages of one topic partition that follow each other, by their sequence numbers, both included. */
export interface Span {
  topic: string;
  partition: number;
  from_seq: number;
  to_seq: number;
}

export type Spans = Map<string, Span>;

/** Adds messages that follow those already there. */
export function addSpan(spans: Spans, { topic, partition, from_seq, to_seq }: Span): void {
  const id = `${topic}/${partition}`;
  const known = spans.get(id);
  if (known) known.to_seq = to_seq;
  else spans.set(id, { topic, partition, from_seq, to_seq });
}
