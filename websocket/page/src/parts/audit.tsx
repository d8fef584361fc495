import { picture } from '../live/state.ts';
import { time } from '../words/format.ts';

const words = { kept: 'kept', broken: 'broken', unknown: 'not checked' };
const looks = { kept: 'good', broken: 'bad', unknown: 'unsure' };

/** The audit's verdict, from the raw topics and Postgres. Shown once there is one. */
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
        {checks.map(({ check, promise, verdict, text }) => (
          <li key={check}>
            <span class={`state ${looks[verdict]}`}>{words[verdict]}</span>
            <span>
              <span class="audit-name">
                {check} {promise}
              </span>{' '}
              <span class="quiet">{text}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
