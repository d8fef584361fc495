import type { StreamGap, TopicGap } from '@shop/common';

/** The JSON text that announces records that no client can get. The offsets are inclusive; those of a recreated topic are new ones. */
export function encodeGap({ topic, partition, reason, position, continuesAt }: TopicGap): string {
  const isRecreated = reason === 'topic_recreated';
  const gap: StreamGap = {
    type: 'gap',
    topic,
    partition,
    reason: isRecreated ? reason : 'deleted_by_kafka',
    from_offset: isRecreated ? 0 : position,
    to_offset: continuesAt - 1,
  };
  return JSON.stringify(gap);
}
