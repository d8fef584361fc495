import { effect } from '@preact/signals';
import type { PageMessage } from '../../../src/messages/page-message.ts';
import { explainFailure } from './explain-failure.ts';
import { connection, filter, picture, showEvents, showSeconds, trouble, welcome } from './state.ts';

const firstDelayMs = 500;
const longestDelayMs = 8_000;
/** The server sends twice a second. After this time without a message, the connection counts as lost. */
const silenceMs = 10_000;

/** Keeps the page connected to its server: retries with back-off, and reloads everything once it is connected again. */
export function keepConnected(): void {
  let delayMs = firstDelayMs;
  let socket: WebSocket;
  let silence: number;
  /** Connections since the last one that opened. */
  let failures = 0;

  function open(): void {
    const address = new URL('/page', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(address);
    socket.onopen = () => {
      delayMs = firstDelayMs;
      failures = 0;
      trouble.value = null;
      connection.value = 'open';
      if (isFiltered()) sendFilter();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      listen();
      show(JSON.parse(data));
    };
    socket.onclose = () => {
      clearTimeout(silence);
      connection.value = 'lost';
      failures += 1;
      // A server that restarts may refuse one connection and accept the next.
      if (failures > 1) void explain();
      // Many pages use one server, so they must not all reconnect at the same moment.
      setTimeout(open, delayMs * (0.5 + Math.random()));
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    };
    listen();
  }

  async function explain(): Promise<void> {
    const explanation = await explainFailure();
    if (connection.value !== 'open') trouble.value = explanation;
  }

  function listen(): void {
    clearTimeout(silence);
    silence = setTimeout(() => socket.close(), silenceMs);
  }

  const isFiltered = () => filter.value.topics !== null || filter.value.text !== '';
  const sendFilter = () => socket.send(JSON.stringify(filter.value));

  open();
  let first = true;
  effect(() => {
    const wanted = filter.value;
    if (!first && wanted && socket.readyState === WebSocket.OPEN) sendFilter();
    first = false;
  });
}

function show(message: PageMessage): void {
  if (message.type === 'welcome') welcome.value = message;
  else if (message.type === 'picture') picture.value = message;
  else if (message.type === 'seconds') showSeconds(message.whole, message.seconds);
  else showEvents(message.whole, message.events, message.left_out);
}
