import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

type Request = Pick<IncomingMessage, 'headers'>;

/** Why a request is refused, with the HTTP status. */
export interface Refusal {
  status: number;
  reason: string;
}

/** Names that public DNS cannot have: an attacker cannot point one of them at this machine (RFC 6761, 6762, 8375). */
const privateSuffixes = ['.localhost', '.local', '.internal', '.home.arpa'];

/**
 * Whether a WebSocket connection may read the stream. The table in websocket/README.md gives the same rule.
 *
 * A page's script cannot set Host, Origin or X-Forwarded-Host of a WebSocket handshake. Two attacks are refused: a foreign
 * page that connects from the user's browser (its Origin is another than the Host), and DNS rebinding (Host and Origin
 * are the same attacker's name, over http because no certificate fits).
 */
export function isOriginAllowed({ headers }: Request, allowed: readonly string[]): boolean {
  if (headers.origin === undefined || allowed.includes('*') || allowed.includes(headers.origin)) return true;
  const origin = readOrigin(headers.origin);
  if (!origin) return false;
  const addresses = readAddresses({ headers }, origin.protocol);
  if (addresses.some((address) => isSame(origin, address)))
    return origin.protocol === 'https:' || isPrivateName(origin.hostname);
  const [host] = addresses;
  if (!host || !isLoopback(origin.hostname)) return false;
  // `localhost` and `127.0.0.1` are one machine. A Host without a port is a tunnel's that has replaced the Origin.
  return isLoopback(host.hostname) ? host.port === origin.port : !host.hasPort;
}

/**
 * Whether an HTTP request may read what the shop's customers did. A page that fetches from its own host sends no Origin,
 * and may set X-Forwarded-Host itself, so each name must be private or allowed. Sec-Fetch-Site cannot be set by a page;
 * browsers send it over TLS and to loopback only, where DNS rebinding does not work.
 */
export function isReaderAllowed({ headers }: Request, allowed: readonly string[]): boolean {
  if (headers.origin !== undefined) return isOriginAllowed({ headers }, allowed);
  if (allowed.includes('*') || ['same-origin', 'none'].includes(String(headers['sec-fetch-site']))) return true;
  const names = readAddresses({ headers }, 'http:').map(({ hostname }) => hostname);
  const allowedNames = allowed.map((origin) => readOrigin(origin)?.hostname);
  return names.length > 0 && names.every((name) => isPrivateName(name) || allowedNames.includes(name));
}

/** @returns why a WebSocket connection is refused; `undefined` when it is accepted */
export function refuseOrigin(request: Request, allowed: readonly string[]): Refusal | undefined {
  return isOriginAllowed(request, allowed) ? undefined : { status: 403, reason: explain(request, allowed) };
}

/** @returns why an HTTP request for stories is refused; `undefined` when it is answered */
export function refuseReader(request: Request, allowed: readonly string[]): Refusal | undefined {
  return isReaderAllowed(request, allowed) ? undefined : { status: 403, reason: explain(request, allowed) };
}

/**
 * Whether a request may send commands or queries: as for stories, but an origin of ALLOWED_ORIGINS, which may be `*`, counts only when the
 * page comes from the host that it asks.
 *
 * @returns why it is refused
 */
export function refuseCommander(request: Request, allowed: readonly string[]): Refusal | undefined {
  const own = allowed.filter((origin) => readOrigin(origin)?.host === request.headers.host);
  if (isReaderAllowed(request, own)) return undefined;
  return { status: 403, reason: 'Only the page of this shop, or a program on this machine, may send this.' };
}

/** The origin that the server saw, and the setting that allows it. The page shows this text. */
function explain({ headers }: Request, allowed: readonly string[]): string {
  const { origin = '', host = 'none' } = headers;
  const forwarded = forwardedHost({ headers });
  const seen = `Host: ${host}${forwarded ? `, X-Forwarded-Host: ${forwarded}` : ''}`;
  const cause = `Pages from ${origin || 'this address'} may not read this shop (${seen}).`;
  const missing = origin === '' ? `http://${forwarded ?? host}` : origin;
  if (readOrigin(missing)?.origin !== missing) return `${cause} Open the page at an http:// or https:// address.`;
  return `${cause} To allow them, set ALLOWED_ORIGINS=${[...allowed, missing].join()} in .env and restart the shop.`;
}

interface Address {
  hostname: string;
  /** Empty for the protocol's own port. */
  port: string;
  hasPort: boolean;
}

function readOrigin(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The hosts of the request: Host, and the Host that the outermost proxy received. */
function readAddresses({ headers }: Request, protocol: string): Address[] {
  return [headers.host, forwardedHost({ headers })].flatMap((text) => {
    if (text === undefined || !URL.canParse(`${protocol}//${text}`)) return [];
    const { hostname, port } = new URL(`${protocol}//${text}`);
    return [{ hostname, port, hasPort: /:\d+$/.test(text) }];
  });
}

/** Each proxy adds the Host that it saw; the browser's comes first. */
function forwardedHost({ headers }: Request): string | undefined {
  const [first] = String(headers['x-forwarded-host'] ?? '').split(',');
  return first?.trim() || undefined;
}

/** The same name and port. Some proxies leave the port out of the Host. */
const isSame = (origin: URL, { hostname, port, hasPort }: Address) =>
  origin.hostname === hostname && (!hasPort || origin.port === port);

const unbracketed = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

const isLoopback = (hostname: string) =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  (isIP(hostname) === 4 && hostname.startsWith('127.'));

/** Whether a name resolves without public DNS, so that an attacker's DNS server has no influence. */
const isPrivateName = (hostname: string) =>
  isIP(unbracketed(hostname)) !== 0 ||
  (hostname !== '' && !hostname.includes('.')) ||
  privateSuffixes.some((suffix) => hostname.endsWith(suffix));
