import { io } from 'socket.io-client';
import { streamLogin } from '../brokers/breeze-client.ts';
import { pricesOfQuote } from './breeze-quote.ts';
import type { Connect } from './feed.ts';

const STREAM = 'https://livestream.icicidirect.com';

/** The Breeze price stream: socket.io over a websocket only, one room a stream name (`4.1!NIFTY 50`). */
export function breezeFeed(streams: readonly string[]): Connect {
  return ({ accessToken }, { subscribed, ticked, down }) => {
    const socket = io(STREAM, {
      transports: ['websocket'],
      auth: streamLogin(accessToken),
      reconnection: false,
      forceNew: true,
    });
    socket.on('connect', () => {
      for (const stream of streams) socket.emit('join', stream);
      subscribed();
    });
    socket.on('stock', (quote: unknown) =>
      ticked(pricesOfQuote(quote).filter(({ symbol }) => streams.includes(symbol))),
    );
    socket.on('connect_error', (error) => {
      if (isTransportError(error)) down('lost', 'ICICI Direct: the stream could not be reached');
      else down('refused', 'ICICI Direct refuses the session for its stream');
    });
    socket.on('disconnect', () => down('lost', 'ICICI Direct: the stream was closed'));
    return () => {
      socket.off();
      socket.disconnect();
    };
  };
}

/** Only the server's own refusal comes without a transport error and without the client's timeout. */
function isTransportError(error: Error): boolean {
  return ('type' in error && error.type === 'TransportError') || error.message === 'timeout';
}
