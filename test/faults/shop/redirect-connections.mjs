// Preload this in a process with `node --import` and REDIRECT_CONNECTIONS=FROM_PORT:TO_PORT. It redirects connections
// from the first port to the second, where a proxy can cut them. The proxy's address in the settings would not be
// enough, because a broker's metadata contains the broker's port.
import { Socket } from 'node:net';

const [from, to] = (process.env.REDIRECT_CONNECTIONS ?? '').split(':').map(Number);
if (!(from > 0 && to > 0)) throw new Error('REDIRECT_CONNECTIONS: expected FROM_PORT:TO_PORT');

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  // `net.connect` passes its arguments as a list; the options come first.
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (Number(options?.port) === from) options.port = to;
  return connect.apply(this, args);
};
