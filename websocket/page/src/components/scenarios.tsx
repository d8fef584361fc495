import type { ScenarioLine } from '../../../src/messages/commands.ts';
import { control, sendCommand } from '../state/commands.ts';
import { picture, welcome } from '../state/state.ts';
import { describeRun, titleOf } from '../text/describe-scenario.ts';
import { duration } from '../text/format.ts';

const send = (fields: { command: string; name?: string }) => void sendCommand({ target: 'websocket', ...fields });

/** Buttons that run a scenario, and what became of the last one, for every visitor. */
export function Scenarios() {
  const now = picture.value;
  const run = now?.scenario;
  const isOff = control.value !== 'on' || run?.ended === null;
  return (
    <section class="card" aria-labelledby="scenarios-title">
      <header class="card-head">
        <h2 id="scenarios-title">Scenarios</h2>
        <p class="card-note">one at a time; afterwards the services go back to their settings</p>
      </header>
      <p class="scenario-run" role="status">
        {run && describeRun(run)}
      </p>
      {run?.ended === null && <Countdown run={run} now={now?.at ?? 0} />}
      <ul class="scenario-list">
        {welcome.value?.scenarios.map(({ name, about }) => (
          <li key={name}>
            <button type="button" class="button" disabled={isOff} onClick={() => send({ command: 'scenario', name })}>
              {titleOf(name)}
            </button>
            <span>{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Countdown({ run: { since, until }, now }: { run: ScenarioLine; now: number }) {
  const left = Math.max(0, until - now);
  return (
    <p class="countdown">
      <progress max={until - since} value={until - since - left} aria-label="Time of the scenario" />
      <span role="timer">{duration(left)} left</span>
      <button type="button" class="button" disabled={control.value !== 'on'} onClick={() => send({ command: 'reset' })}>
        End it now
      </button>
    </p>
  );
}
