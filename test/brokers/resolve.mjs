/**
 * Preload (`node --import`): connections to port 443 of the hosts in PRACTICE_BROKERS (JSON, host to port) go to this
 * machine. It acts below TLS, so every client keeps its host name, its certificate check and its code.
 */
import net from 'node:net';

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  return connect.apply(this, redirected(args));
};

function redirected(args) {
  const [first, second] = args;
  if (Array.isArray(first)) {
    // Node's own normalized arguments are marked by a symbol on this very array, so it has to stay the same array.
    first[0] = local(first[0]);
    return args;
  }
  if (typeof first === 'object' && first !== null) return [local(first), ...args.slice(1)];
  if (typeof second === 'string') return [local({ port: first, host: second }), ...args.slice(2)];
  return args;
}

function local(options) {
  const port =
    Number(options.port) === 443 ? JSON.parse(process.env.PRACTICE_BROKERS ?? '{}')[options.host] : undefined;
  return port === undefined ? options : { ...options, host: '127.0.0.1', port };
}
