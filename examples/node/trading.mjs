// Yours: what Opening Bell does with your broker's official client. Here Kite's, by npm install kiteconnect.
import { KiteConnect, KiteTicker } from 'kiteconnect';
import { acts, reads, yours } from './opening-bell.mjs';

const [key, secret] = [process.env.KITE_API_KEY, process.env.KITE_API_SECRET];
const kite = (session) => new KiteConnect({ api_key: key, access_token: session?.access_token });

async function exchange(token) {
  const { user_id, access_token } = await kite().generateSession(token, secret);
  return { user: user_id, access_token };
}

function feed(session, tell) {
  // With its own reconnecting this ticker may end the whole process; the kit starts it again instead.
  const ticker = new KiteTicker({ api_key: key, access_token: session.access_token, reconnect: false });
  ticker.on('connect', () => {
    ticker.subscribe([256265]);
    tell('subscribed');
  });
  ticker.on('ticks', () => tell('live'));
  for (const event of ['error', 'close']) ticker.on(event, () => tell('refused', 'the ticker was closed'));
  ticker.connect();
  return () => ticker.disconnect();
}

yours({ exchange, feed, verify: (session) => kite(session).getProfile() });

export const quote = reads('quote', (session, ...names) => kite(session).getQuote(names));

const lookUp = async (session, tag) => (await kite(session).getOrders()).find((order) => order.tag === tag) ?? null;

export const buy = acts('buy', { within: 120, lookUp }, (session, tag, tradingsymbol, quantity) =>
  kite(session).placeOrder('regular', {
    ...{ exchange: 'NSE', tradingsymbol, quantity, tag },
    ...{ transaction_type: 'BUY', product: 'CNC', order_type: 'MARKET' },
  }),
);
