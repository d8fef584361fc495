import { z } from 'zod';
import { createFindings } from '../findings/findings.ts';

const whole = z.int().nonnegative();

const hello = z.looseObject({
  type: z.literal('hello'),
  stream: z.string(),
  sequences: z.array(z.looseObject({ topic: z.string(), partition: whole, next_seq: whole })),
});
/** With sequence numbers, messages that this client was too slow for; without, messages that Kafka no longer has. */
const gap = z.looseObject({
  type: z.literal('gap'),
  topic: z.string(),
  partition: whole,
  reason: z.string(),
  from_seq: whole.optional(),
  to_seq: whole.optional(),
});
const event = z.looseObject({ topic: z.string(), partition: whole, offset: whole, seq: whole });

interface Position {
  nextSeq: number;
  /** The offset of the last message; undefined after a gap that tells no offsets. */
  offset: number | undefined;
}

/** Follows a browser's stream (P8): the numbers of each topic partition must go on by one, or a gap must be announced. */
export function createStreamCheck() {
  const found = createFindings();
  const counts = { messages: 0, gaps: 0, connections: 0 };
  let positions = new Map<string, Position>();
  let stream: string | undefined;

  function noteEvent({ topic, partition, offset, seq }: z.infer<typeof event>): void {
    counts.messages += 1;
    const id = `${topic}/${partition}`;
    const known = positions.get(id);
    const place = { topic, partition, offset };
    // A partition that the greeting did not name had no message then.
    const expected = known?.nextSeq ?? 1;
    if (seq !== expected)
      found.add({
        problem: seq > expected ? 'silent_gap' : 'number_again',
        ...place,
        detail: `number ${seq}, expected ${expected}`,
      });
    else if (known?.offset !== undefined && offset <= known.offset)
      found.add({ problem: 'offset_again', ...place, detail: `after offset ${known.offset}` });
    positions.set(id, { nextSeq: Math.max(seq + 1, known?.nextSeq ?? 0), offset });
  }

  function noteGap({ topic, partition, from_seq, to_seq }: z.infer<typeof gap>): void {
    counts.gaps += 1;
    const id = `${topic}/${partition}`;
    const known = positions.get(id);
    if (from_seq === undefined || to_seq === undefined) {
      if (known) known.offset = undefined;
      return;
    }
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

    /** A frame as it came. */
    read(text: string): void {
      const body = parse(text);
      const message = event.safeParse(body);
      const announced = message.success ? undefined : gap.safeParse(body);
      const greeting = announced?.success === false ? hello.safeParse(body) : undefined;
      if (message.success) noteEvent(message.data);
      else if (announced?.success) noteGap(announced.data);
      else if (greeting?.success) begin(greeting.data);
      else found.add({ problem: 'unreadable_frame', detail: text.slice(0, 120) });
    },

    figures: () => ({ ...counts }),
  };

  /** Each connection begins anew: what was sent while there was none is not missed. */
  function begin({ stream: name, sequences }: z.infer<typeof hello>): void {
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
    return undefined; // said by the caller, with the text
  }
}
