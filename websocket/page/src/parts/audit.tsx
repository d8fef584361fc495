import { picture } from '../live/state.ts';
import { time } from '../words/format.ts';

/** What the promises are, for those who have not read the design. */
const promises: Record<string, string> = {
  P1: 'No order is lost',
  P2: 'No order is shipped twice',
  P3: 'The address was current',
  P4: 'Deleted customers get nothing',
  P5: 'The stock adds up',
  P6: 'ksqlDB’s customers are Postgres’',
  P7: 'Everything catches up by itself',
  P8: 'This stream has no silent gap',
};

const words = { kept: 'kept', broken: 'broken', unknown: 'not known' };
const looks = { kept: 'good', broken: 'bad', unknown: 'unsure' };

/** The audit's verdict, from the raw topics and Postgres. Shown once there is one. */
export function Audit() {
  const checks = picture.value?.audit ?? [];
  if (checks.length === 0) return null;
  return (
    <section class="card audit" aria-labelledby="audit-title">
      <header class="card-head">
        <h2 id="audit-title">Promises, audited</h2>
      </header>
      <ul class="audit-list">
        {checks.map(({ check, verdict, text, at }) => (
          <li key={check}>
            <span class={`state ${looks[verdict]}`}>{words[verdict]}</span>
            <span class="audit-name">
              {check} {promises[check.slice(0, 2)]}
            </span>
            <span class="quiet">
              {text} {time(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
