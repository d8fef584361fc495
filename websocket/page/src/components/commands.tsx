import { type Attempt, commandLines, openAttempts } from '../state/commands.ts';
import { picture } from '../state/state.ts';
import { describeCommand, fateOf } from '../text/describe-command.ts';
import { time } from '../text/format.ts';

/** The last commands of all visitors, and what became of each. */
export function Commands() {
  const now = picture.value?.at ?? 0;
  const [attempts, lines] = [openAttempts.value, commandLines.value];
  return (
    <section class="card commands" aria-labelledby="commands-title">
      <header class="card-head">
        <h2 id="commands-title">Commands</h2>
        <p class="card-note">of all visitors and terminals, through the topic shop_commands</p>
      </header>
      <ol class="command-list" aria-live="polite">
        {attempts.map((attempt) => (
          <Own key={attempt.number} attempt={attempt} />
        ))}
        {lines.map(({ command_id, target, command, at, fields, result }) => {
          const { look, word, reason } = fateOf({ target, at, result }, now);
          return (
            <li key={command_id}>
              <span class={`state ${look}`}>{word}</span>
              <Words at={at} target={target} text={describeCommand(command, fields)} reason={reason} />
            </li>
          );
        })}
      </ol>
      {attempts.length + lines.length === 0 && <p class="empty">No command yet.</p>}
    </section>
  );
}

function Own({ attempt: { request, at, commandId, failure } }: { attempt: Attempt }) {
  const { target, command, ...fields } = request;
  const word = failure !== null ? 'not sent' : commandId === null ? 'sending' : 'sent';
  return (
    <li>
      <span class={`state ${failure === null ? 'unsure' : 'bad'}`}>{word}</span>
      <Words at={at} target={target} text={describeCommand(command, fields)} reason={failure} />
    </li>
  );
}

function Words({ at, target, text, reason }: { at: number; target: string; text: string; reason: string | null }) {
  return (
    <span>
      <b>{target}</b>: {text} <time class="quiet">{time(at)}</time>
      {reason && <span class="command-reason">{reason}</span>}
    </span>
  );
}
