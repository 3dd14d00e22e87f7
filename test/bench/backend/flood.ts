import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** Ends what it began. */
export type Stop = () => void;

/** Senders of deliveries that are signed by nobody, each with a connection of its own, each posting again at once. */
export function floodWithGarbage(url: string, senders: number): Stop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  const post = () => {
    if (signal.aborted) return;
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'ob_garbage',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
    };
    const call = request(`${url}/session`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', post);
    });
    call.on('error', () => setTimeout(post, 10)).end(JSON.stringify({ garbage: randomBytes(1_000).toString('hex') }));
  };
  for (let at = 0; at < senders; at += 1) post();
  return () => {
    stopping.abort();
    agent.destroy();
  };
}

/** Connections that begin a request and never end it; the backend hangs up, and they come back. */
export function keepHalfOpen(url: string, count: number): Stop {
  const { hostname, port } = new URL(url);
  const sockets = new Map<number, ReturnType<typeof connect>>();
  let isStopped = false;
  const open = (at: number) => {
    if (isStopped) return;
    const socket = connect(Number(port), hostname);
    sockets.set(at, socket);
    socket.on('error', () => {}).on('close', () => setTimeout(open, 50, at));
    socket.resume().write(`POST /session HTTP/1.1\r\nHost: ${hostname}:${port}\r\n`);
  };
  for (let at = 0; at < count; at += 1) open(at);
  return () => {
    isStopped = true;
    for (const socket of sockets.values()) socket.destroy();
  };
}
