import { type StreamEvent, type StreamGap, type StreamHello, streamEvent, streamGap, streamHello } from '@shop/common';
import { createFindings } from '../findings/findings.ts';

interface StreamPosition {
  nextSeq: number;
  /** The offset of the last message; undefined after a gap without sequence numbers. */
  offset: number | undefined;
}

export type StreamSequences = ReturnType<typeof createStreamSequences>;

/**
 * Checks the sequence numbers of a browser's stream (P8). In each topic partition they must increase by one, unless a gap is
 * announced.
 */
export function createStreamSequences() {
  const found = createFindings();
  const counts = { messages: 0, gaps: 0, connections: 0 };
  let positions = new Map<string, StreamPosition>();
  let stream: string | undefined;

  function noteEvent({ topic, partition, offset, seq }: StreamEvent): void {
    counts.messages += 1;
    const id = `${topic}/${partition}`;
    const known = positions.get(id);
    const position = { topic, partition, offset };
    // A partition that `hello` does not list had no message then.
    const expected = known?.nextSeq ?? 1;
    if (seq !== expected)
      found.add({
        problem: seq > expected ? 'silent_gap' : 'number_again',
        ...position,
        detail: `number ${seq}, expected ${expected}`,
      });
    else if (known?.offset !== undefined && offset <= known.offset)
      found.add({ problem: 'offset_again', ...position, detail: `after offset ${known.offset}` });
    positions.set(id, { nextSeq: Math.max(seq + 1, known?.nextSeq ?? 0), offset });
  }

  function noteGap(gap: StreamGap): void {
    const { topic, partition } = gap;
    counts.gaps += 1;
    const id = `${topic}/${partition}`;
    const known = positions.get(id);
    if (gap.reason !== 'slow_client') {
      if (known) known.offset = undefined;
      return;
    }
    const { from_seq, to_seq } = gap;
    if (known && from_seq > known.nextSeq)
      found.add({
        problem: 'silent_gap',
        topic,
        partition,
        detail: `a gap from ${from_seq}, expected ${known.nextSeq}`,
      });
    positions.set(id, { nextSeq: Math.max(to_seq + 1, known?.nextSeq ?? 0), offset: known?.offset });
  }

  return {
    found,

    /** Takes a frame as it arrived. */
    read(text: string): void {
      const body = parse(text);
      const message = streamEvent.safeParse(body);
      const announced = message.success ? undefined : streamGap.safeParse(body);
      const greeting = announced?.success === false ? streamHello.safeParse(body) : undefined;
      if (message.success) noteEvent(message.data);
      else if (announced?.success) noteGap(announced.data);
      else if (greeting?.success) beginConnection(greeting.data);
      else found.add({ problem: 'unreadable_frame', detail: text.slice(0, 120) });
    },

    figures: () => ({ ...counts }),
  };

  /** Each connection starts over: messages that were sent while there was none are not missed. */
  function beginConnection({ stream: name, sequences }: StreamHello): void {
    counts.connections += 1;
    if (stream === name) {
      for (const { topic, partition, next_seq } of sequences) {
        const before = positions.get(`${topic}/${partition}`);
        if (before && next_seq < before.nextSeq)
          found.add({ problem: 'number_again', topic, partition, detail: `${next_seq} after ${before.nextSeq - 1}` });
      }
    }
    stream = name;
    positions = new Map(
      sequences.map(({ topic, partition, next_seq }) => [
        `${topic}/${partition}`,
        { nextSeq: next_seq, offset: undefined },
      ]),
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller reports it, with the text
  }
}
