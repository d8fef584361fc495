import { connection, picture, rates, trouble } from '../state/state.ts';
import { duration, rate } from '../text/format.ts';
import { StorySearch } from './story.tsx';
import { TabLinks } from './tabs.tsx';

/** After this time without a message, something is wrong or nothing runs. */
const quietMs = 10_000;

export function Header() {
  const { look, text } = liveness();
  const all = [...rates.value.values()].reduce((sum, perSecond) => sum + perSecond, 0);
  return (
    <header class="page-head">
      <div class="brand">
        <img src="/favicon.svg" alt="" width="32" height="32" />
        <h1>The shop, live</h1>
        <p class={`state ${look}`} role="status">
          {text}
        </p>
        {look === 'good' && <p class="quiet">{rate(all)} messages/s through Kafka</p>}
      </div>
      <StorySearch />
      <TabLinks />
    </header>
  );
}

function liveness(): { look: string; text: string } {
  if (connection.value === 'connecting') return { look: 'unsure', text: 'connecting …' };
  if (trouble.value) return { look: 'bad', text: 'not connected' };
  if (connection.value === 'lost') return { look: 'bad', text: 'connection lost, trying again …' };
  const now = picture.value;
  if (!now) return { look: 'unsure', text: 'connecting …' };
  if (now.waiting_for.length > 0) return { look: 'unsure', text: `waiting for ${now.waiting_for.join(', ')}` };
  if (now.quiet_ms === null) return { look: 'unsure', text: 'no message yet' };
  if (now.quiet_ms > quietMs) return { look: 'unsure', text: `quiet for ${duration(now.quiet_ms)}` };
  return { look: 'good', text: 'live' };
}
