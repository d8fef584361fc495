// Preloaded into a process of a fault run: `node --import`, REDIRECT_CONNECTIONS=FROM_PORT:TO_PORT. Connections to the first port
// lead to the second, where a proxy can cut them. A broker's metadata names the broker's own port, so it is not enough to put the
// proxy's address into the settings.
import { Socket } from 'node:net';

const [from, to] = (process.env.REDIRECT_CONNECTIONS ?? '').split(':').map(Number);
if (!(from > 0 && to > 0)) throw new Error('REDIRECT_CONNECTIONS: expected FROM_PORT:TO_PORT');

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  // `net.connect` passes its arguments as one list that begins with the options.
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (Number(options?.port) === from) options.port = to;
  return connect.apply(this, args);
};
