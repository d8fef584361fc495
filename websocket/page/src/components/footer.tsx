import { picture } from '../state/state.ts';
import { time } from '../text/format.ts';

export function Footer() {
  const since = picture.value?.reading_since;
  return (
    <footer class="page-foot">
      <p>
        {since && `Counted since shortly before ${time(since)}, when this server began to read. `}
        To keep the page calm, figures arrive twice a second, and the list of events is a sample. The whole stream is an
        API on this same port:{' '}
        <code>{`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/?topics=shipments&replay=5`}</code>
      </p>
    </footer>
  );
}
