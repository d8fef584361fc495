import { useSignal } from '@preact/signals';
import { control } from '../state/commands.ts';
import { picture, rates } from '../state/state.ts';
import { explanations, type PartName } from '../text/explanations.ts';
import { edges, type FlowEdge, lanes, lineOf, partsByName } from '../text/flow-layout.ts';
import { count, duration, rate } from '../text/format.ts';
import { BreakButtons } from './break-buttons.tsx';
import { Faults } from './faults.tsx';
import { FlowPartButton } from './flow-part.tsx';

/** Orders that wait longer than this are pointed out. */
const stuckMs = 5_000;

/** The shop as a picture: who gives what to whom, how fast, and what is stuck. */
export function Flow() {
  const explained = useSignal<PartName>('customersTopic');
  const { title, role, text } = explanations[explained.value];
  const { obeys, server } = partsByName.get(explained.value) ?? {};
  return (
    <section class="card flow-card" aria-labelledby="flow-title">
      <header class="card-head">
        <h2 id="flow-title">How it flows</h2>
        <p class="legend">
          <span class="key service">service</span>
          <span class="key topic">Kafka topic</span>
          <span class="key database">database</span>
          <span class="key table">ksqlDB table</span>
          <span class="key-hint">
            messages per second on the lines; choose a part to read about it
            {control.value === 'on' && ', or to break it'}
          </span>
        </p>
      </header>
      <div class="flow">
        <svg class="edges" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <title>lines between the parts</title>
          {edges.map((edge) => (
            <Edge key={`${edge.from} ${edge.to}`} edge={edge} />
          ))}
        </svg>
        {edges.map((edge) => (
          <EdgeLabel key={`${edge.from} ${edge.to}`} edge={edge} />
        ))}
        {lanes.map((lane) => (
          <ul class="lane" key={lane.name} aria-label={lane.name}>
            {lane.parts.map((part) => (
              <li key={part.name} class={`at c${part.column} r${part.row}`}>
                <FlowPartButton
                  part={part}
                  chosen={explained.value === part.name}
                  choose={() => (explained.value = part.name)}
                />
              </li>
            ))}
          </ul>
        ))}
      </div>
      <p class="explanation" aria-live="polite">
        <strong>{title}</strong> <span class="role">{role}</span> {text}
      </p>
      {obeys && <BreakButtons target={obeys} />}
      {server && <BreakButtons target={server} isServer />}
      <Faults />
    </section>
  );
}

function Edge({ edge }: { edge: FlowEdge }) {
  const line = lineOf(edge);
  if (!line) return null;
  const perSecond = edge.topic ? (rates.value.get(edge.topic) ?? 0) : edge.kind === 'reads' ? 0 : 1;
  const rateOfLookups = edge.kind === 'lookup' ? (rates.value.get('shipments') ?? 0) : perSecond;
  return (
    <g class={`edge ${edge.kind ?? ''} ${paceOf(rateOfLookups)}`}>
      <path class="track" d={line.path} />
      <path class="motion" d={line.path} />
      {edge.kind === 'lookup' && <path class="motion back" d={line.path} />}
    </g>
  );
}

function paceOf(perSecond: number): string {
  if (perSecond === 0) return 'still';
  if (perSecond < 3) return 'slow';
  if (perSecond < 50) return 'steady';
  return perSecond < 1_000 ? 'fast' : 'rush';
}

function EdgeLabel({ edge }: { edge: FlowEdge }) {
  const line = lineOf(edge);
  if (!line || edge.kind === 'reads') return null;
  const text = edge.topic ? `${rate(rates.value.get(edge.topic) ?? 0)}/s` : edge.label;
  const stuck = edge.to === 'shipping' ? stuckText() : undefined;
  return (
    <span class={`edge-label ${stuck ? 'stuck' : ''}`} style={{ left: `${line.x}%`, top: `${line.y}%` }}>
      {text}
      {stuck && <b> · {stuck}</b>}
    </span>
  );
}

function stuckText(): string | undefined {
  const open = picture.value?.open_orders;
  if (!open || open.oldest_ms < stuckMs) return undefined;
  return `${count(open.count)} waiting, oldest ${duration(open.oldest_ms)}`;
}
