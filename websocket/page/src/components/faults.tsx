import type { FaultLine } from '../../../src/messages/commands.ts';
import type { Picture } from '../../../src/messages/picture.ts';
import { picture } from '../state/state.ts';
import { explainFault, reportFault } from '../text/report-fault.ts';

/** Faults that are shown at once. */
const mostShown = 2;

/** What the last crashes and freezes meant for the shop. Hidden while there was none. */
export function Faults() {
  const now = picture.value;
  if (!now || now.faults.length === 0) return null;
  return (
    <ul class="fault-list" aria-label="Faults">
      {now.faults.slice(0, mostShown).map((fault) => (
        <Fault key={fault.command_id} fault={fault} now={now} />
      ))}
    </ul>
  );
}

function Fault({ fault, now }: { fault: FaultLine; now: Picture }) {
  const reason = explainFault(fault.service, fault.fault);
  return (
    <li class="fault">
      <h3>
        {fault.service} {fault.fault === 'crash' ? 'crashed' : 'was frozen'}
      </h3>
      <dl>
        {reportFault(fault, now.audit, now.at).map(({ name, value, look }) => (
          <div key={name} class={look}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {reason && (
        <p>
          {reason.text} <code>{reason.file}</code>
        </p>
      )}
    </li>
  );
}
