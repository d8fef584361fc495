import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** A domain that stands for IPv6 addresses, with `-` for `:`. It is never looked up. */
const literal = '.ipv6-literal.net';

/** `[::1]:9092` as kafkajs can read it: it takes the host to end at the first colon. */
export function toKafkajsBroker(broker: string): string {
  const [, address, port] = /^\[(.+)\]:(\d+)$/.exec(broker) ?? [];
  return address === undefined ? broker : `${address.replaceAll(':', '-')}${literal}:${port}`;
}

const keepAliveDelayMs = 60_000;

/** As kafkajs's own factory, but it knows {@link toKafkajsBroker}. */
export const createSocket: ISocketFactory = ({ host: given, port, ssl, onConnect }) => {
  const host = given.endsWith(literal) ? given.slice(0, -literal.length).replaceAll('-', ':') : given;
  const socket = ssl
    ? connectTls({ host, port, ...(!isIP(host) && { servername: host }), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  return socket.setKeepAlive(true, keepAliveDelayMs);
};
