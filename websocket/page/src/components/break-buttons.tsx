import { control, sendCommand } from '../state/commands.ts';

const freezeSeconds = 15;

/** Buttons that crash, freeze or slow down a service or a server. */
export function BreakButtons({ target, isServer = false }: { target: string; isServer?: boolean }) {
  if (control.value !== 'on') return null;
  const send = (command: string, fields = {}) => void sendCommand({ target, command, ...fields });
  return (
    <p class="break-buttons">
      <button type="button" class="button danger" onClick={() => send('crash')}>
        Crash {target}
      </button>
      <button type="button" class="button danger" onClick={() => send('freeze', { seconds: freezeSeconds })}>
        Freeze it for {freezeSeconds} s
      </button>
      {target === 'shipping-service' && (
        <>
          <button type="button" class="button danger" onClick={() => send('slow')}>
            Slow it down
          </button>
          <button type="button" class="button" onClick={() => send('normal')}>
            Full speed
          </button>
        </>
      )}
      <span class="quiet">
        {isServer
          ? 'Only npm start can do this, because it owns the process. It restarts a server that crashed.'
          : 'A crash ends the process as kill -9 does. Compose or npm start restarts it.'}
      </span>
    </p>
  );
}
