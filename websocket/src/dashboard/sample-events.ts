/**
 * Picks the newest events of the topics in turn, so that a busy topic does not hide the others. Keeps the order of arrival.
 *
 * @param events oldest first
 */
export function sampleEvents<E extends { id: number; topic: string }>(events: readonly E[], limit: number): E[] {
  if (events.length <= limit) return [...events];
  const byTopic = new Map<string, E[]>();
  for (const event of events) {
    const known = byTopic.get(event.topic);
    if (known) known.push(event);
    else byTopic.set(event.topic, [event]);
  }
  const chosen: E[] = [];
  for (let turn = 1; chosen.length < limit; turn += 1)
    for (const ofTopic of byTopic.values()) {
      const event = ofTopic.at(-turn);
      if (event && chosen.length < limit) chosen.push(event);
    }
  return chosen.sort((a, b) => a.id - b.id);
}
