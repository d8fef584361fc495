/** The server's answer to `POST connection-check`. */
interface ConnectionCheck {
  refused: { reason: string } | null;
}

const answerMs = 5_000;

const notUpgraded =
  'The server accepts this page, but no WebSocket connection opens. A proxy in between must pass them on: in nginx, ' +
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; for this page’s location.';

/**
 * Asks the server why no WebSocket connection opens: a browser does not show a script the answer to a failed handshake.
 *
 * @returns text for the screen; `null` when the server does not answer at all
 */
export async function explainFailure(): Promise<string | null> {
  try {
    const response = await fetch('/connection-check', { method: 'POST', signal: AbortSignal.timeout(answerMs) });
    if (!response.ok) return `The server, or a proxy in between, answers with HTTP status ${response.status}.`;
    const { refused }: ConnectionCheck = await response.json();
    return refused ? refused.reason : notUpgraded;
  } catch {
    return null; // the page shows "connection lost" already
  }
}
