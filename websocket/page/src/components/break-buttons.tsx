import { control, sendCommand } from '../state/commands.ts';

const freezeSeconds = 15;

/** Buttons that crash, freeze or slow down a service. */
export function BreakButtons({ service }: { service: string }) {
  if (control.value !== 'on') return null;
  const send = (command: string, fields = {}) => void sendCommand({ target: service, command, ...fields });
  return (
    <p class="break-buttons">
      <button type="button" class="button danger" onClick={() => send('crash')}>
        Crash {service}
      </button>
      <button type="button" class="button danger" onClick={() => send('freeze', { seconds: freezeSeconds })}>
        Freeze it for {freezeSeconds} s
      </button>
      {service === 'shipping-service' && (
        <>
          <button type="button" class="button danger" onClick={() => send('slow')}>
            Slow it down
          </button>
          <button type="button" class="button" onClick={() => send('normal')}>
            Full speed
          </button>
        </>
      )}
      <span class="quiet">A crash ends the process as kill -9 does. Compose or npm start restarts it.</span>
    </p>
  );
}
