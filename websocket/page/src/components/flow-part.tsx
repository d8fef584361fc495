import { isServerWaiting, picture, rates, totals } from '../state/state.ts';
import { describeCommand, fateOf } from '../text/describe-command.ts';
import { explanations, type PartName } from '../text/explanations.ts';
import type { FlowPart } from '../text/flow-layout.ts';
import { count, rate } from '../text/format.ts';
import { whyDown } from '../text/service-state.ts';

/** A command is shown at the part that it acts on for so long. */
const commandShownMs = 20_000;

/** A part of the picture: what it holds, whether it is down, and a command that acts on it. */
export function FlowPartButton({ part, chosen, choose }: { part: FlowPart; chosen: boolean; choose: () => void }) {
  const { title, role } = explanations[part.name];
  const down = [part.obeys, part.server].map((target) => target && downText(target)).find(Boolean);
  return (
    <button type="button" class={`part ${part.kind} ${down ? 'down' : ''}`} aria-pressed={chosen} onClick={choose}>
      <span class="part-title">{title}</span>
      <span class="part-note">{down || (noteOf(part.name) ?? role)}</span>
      <PartCommand targets={[part.obeys, part.server]} />
    </button>
  );
}

function downText(target: string): string | undefined {
  const now = picture.value;
  if (!now || isServerWaiting.value) return undefined;
  return whyDown(
    target,
    now.services.filter((line) => line.service === target),
    now.faults,
    now.at,
  );
}

/** The last command for a service or server, while it is new. */
function PartCommand({ targets }: { targets: readonly (string | undefined)[] }) {
  const now = picture.value;
  const line = now?.commands.find(({ target }) => targets.includes(target));
  if (!now || !line || now.at - line.at > commandShownMs) return null;
  const { look, word } = fateOf(line, now.at);
  return (
    <span class={`part-command ${look}`}>
      {word} · {describeCommand(line.command, line.fields)}
    </span>
  );
}

const topicOf: Partial<Record<PartName, string>> = {
  stockTopic: 'FINAL_INVENTORY',
  customersTopic: 'dummy.public.customers',
  ordersTopic: 'customer_orders',
  shipmentsTopic: 'shipments',
  refillsTopic: 'inventory_refills',
};

/** What a part holds, where that is known. */
function noteOf(name: PartName): string | undefined {
  if (name === 'postgres') return `${count(picture.value?.customers.total ?? 0)} customers`;
  const topic = topicOf[name];
  return topic && `${rate(rates.value.get(topic) ?? 0)}/s · ${count(totals.value.get(topic) ?? 0)} seen`;
}
