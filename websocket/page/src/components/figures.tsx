import type { ComponentChildren } from 'preact';
import type { AuditLine } from '../../../src/messages/picture.ts';
import { picture, rates } from '../state/state.ts';
import { reasonText } from '../text/describe-event.ts';
import { count, duration, rate } from '../text/format.ts';

/** The main figures of the shop. */
export function Figures() {
  const now = picture.value;
  const undeliverable = now?.undeliverable ?? [];
  const deadLetters = now?.dead_letters ?? [];
  const sum = (counts: { count: number }[]) => counts.reduce((total, each) => total + each.count, 0);
  return (
    <section class="figures" aria-label="Figures">
      <Figure name="Orders" kind="orders" value={rate(rates.value.get('customer_orders') ?? 0)} unit="per second">
        <Waiting />
      </Figure>
      <Figure name="Shipments" kind="shipments" value={rate(rates.value.get('shipments') ?? 0)} unit="per second">
        {count(now?.delivered ?? 0)} delivered
      </Figure>
      <Figure
        name="Order to shipment"
        kind="shipments"
        value={now?.delivery_ms ? duration(now.delivery_ms.p50) : '–'}
        unit="median"
      >
        {now?.delivery_ms ? `99 % within ${duration(now.delivery_ms.p99)}` : 'no shipment in the last minute'}
      </Figure>
      <Figure name="Undeliverable" kind="trouble" value={count(sum(undeliverable))} unit="orders">
        {undeliverable.map(({ reason, count: of }) => `${count(of)} because ${reasonText(reason)}`).join(', ') ||
          'none so far'}
      </Figure>
      <Figure name="Set aside" kind="trouble" value={count(sum(deadLetters))} unit="dead letters">
        {deadLetters.map(({ code, count: of }) => `${count(of)} ${code.replaceAll('_', ' ')}`).join(', ') ||
          'every message could be used'}
      </Figure>
      <Promises checks={now?.audit ?? []} />
    </section>
  );
}

function Promises({ checks }: { checks: AuditLine[] }) {
  const of = (verdict: AuditLine['verdict']) => checks.filter((line) => line.verdict === verdict);
  const [broken, unknown] = [of('broken'), of('unknown')];
  const names = (lines: AuditLine[]) => lines.map(({ check }) => check).join(', ');
  return (
    <Figure
      name="Promises"
      kind={broken.length > 0 ? 'trouble' : 'shipments'}
      value={checks.length === 0 ? '–' : `${of('kept').length} of ${checks.length}`}
      unit="kept"
    >
      {broken.length > 0
        ? `broken: ${names(broken)}`
        : unknown.length > 0
          ? `none broken; not checked: ${names(unknown)}`
          : checks.length > 0
            ? 'by the audit of topics and Postgres'
            : 'the audit has not reported yet'}
    </Figure>
  );
}

function Waiting() {
  const open = picture.value?.open_orders;
  if (!open || open.count === 0) return <>none waiting</>;
  return (
    <>
      {count(open.count)} on the way, oldest {duration(open.oldest_ms)}
    </>
  );
}

interface FigureProps {
  name: string;
  kind: string;
  value: string;
  unit: string;
  children: ComponentChildren;
}

function Figure({ name, kind, value, unit, children }: FigureProps) {
  return (
    <div class={`figure ${kind}`}>
      <h3>{name}</h3>
      <p class="figure-value">
        {value} <span class="unit">{unit}</span>
      </p>
      <p class="figure-note">{children}</p>
    </div>
  );
}
