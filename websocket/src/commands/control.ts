import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Welcome } from '../messages/page-message.ts';
import type { WebsocketSettings } from '../settings.ts';

/** Who may send commands by the page's port. */
export interface Control {
  mode: Welcome['control'];
  /** Whether the request may send commands. */
  isAllowed(request: Pick<IncomingMessage, 'headers'>): boolean;
}

/**
 * Commands are on while the page is published on loopback only, unless SHOP_CONTROL says otherwise. A page that is published
 * further takes commands only with SHOP_CONTROL_TOKEN.
 */
export function decideControl({
  SHOP_CONTROL: wanted,
  SHOP_CONTROL_TOKEN: token,
  PAGE_ADDRESS: published,
  HOST: host,
}: Pick<WebsocketSettings, 'SHOP_CONTROL' | 'SHOP_CONTROL_TOKEN' | 'PAGE_ADDRESS' | 'HOST'>): Control {
  const byItself = isLoopbackAddress(published ?? host) ? 'on' : 'off';
  const mode = wanted ?? (token === undefined ? byItself : 'token');
  return {
    mode,
    isAllowed({ headers }) {
      if (mode !== 'token') return mode === 'on';
      return token !== undefined && isSameText(headers.authorization ?? '', `Bearer ${token}`);
    },
  };
}

const isLoopbackAddress = (address: string) =>
  address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

/** Takes the same time wherever the texts differ. */
function isSameText(given: string, expected: string): boolean {
  const [first, second] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
