import type { AuditLine } from '../../../src/messages/picture.ts';
import { picture } from '../state/state.ts';
import { time } from '../text/format.ts';

const words = { kept: 'kept', slow: 'kept, slow', broken: 'broken', unknown: 'not checked' };
const looks = { kept: 'good', slow: 'unsure', broken: 'bad', unknown: 'unsure' };

/** A missed service level only matters while the promise is kept. */
const stateOf = ({ verdict, missed }: AuditLine) => (verdict === 'kept' && missed !== null ? 'slow' : verdict);

/** The results of the audit. Hidden until there is one. */
export function Audit() {
  const checks = picture.value?.audit ?? [];
  if (checks.length === 0) return null;
  const latest = Math.max(...checks.map(({ at }) => at));
  return (
    <section class="card audit" aria-labelledby="audit-title">
      <header class="card-head">
        <h2 id="audit-title">Promises, audited</h2>
        <p class="card-note">from the raw topics and Postgres, last at {time(latest)}</p>
      </header>
      <ul class="audit-list">
        {checks.map((line) => {
          const state = stateOf(line);
          return (
            <li key={line.check}>
              <span class={`state ${looks[state]}`}>{words[state]}</span>
              <span>
                <span class="audit-name">
                  {line.check} {line.promise}
                </span>{' '}
                <span class="quiet">{line.missed ? `${line.text}; ${line.missed}` : line.text}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
