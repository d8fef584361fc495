import { picture } from '../state/state.ts';
import { time } from '../text/format.ts';

export function Footer() {
  const since = picture.value?.reading_since;
  return (
    <footer class="page-foot">
      <p>
        {since && `Counted since ${time(since)}, when this server began to read, and a little before. `}
        Figures come twice a second and events as a sample, so that this page stays calm; the whole stream is an API on
        this same port:{' '}
        <code>{`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/?topics=shipments&replay=5`}</code>
      </p>
    </footer>
  );
}
