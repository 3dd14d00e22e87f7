// The trading part of the small program for Express. Kite's calls are written out; Breeze's stand beside.
import { KiteConnect, KiteTicker } from 'kiteconnect'; // import { BreezeConnect } from 'breezeconnect';
import { acts, reads, yours } from './opening-bell.mjs';

const [key, secret] = [process.env.KITE_API_KEY, process.env.KITE_API_SECRET];
const INDICES = { 256265: 'NSE:NIFTY 50', 260105: 'NSE:NIFTY BANK', 265: 'BSE:SENSEX' };
/** The feed's newest prices. Only the process that leads has them; several processes keep them in a table of yours. */
export const ticks = {};

// breeze = new BreezeConnect({ appKey: key }); await breeze.generateSession(secret, session.token)
const kite = (session) => new KiteConnect({ api_key: key, access_token: session?.access_token });

// breeze.generateSession(secret, token); { user: breeze.userId, token }
async function exchange(token) {
  const { user_id, access_token } = await kite().generateSession(token, secret);
  return { user: user_id, access_token };
}

// breeze.getFunds()
const verify = (session) => kite(session).getProfile();

// breeze.wsConnect(), breeze.onTicks, breeze.subscribeFeeds(…); breeze.wsDisconnect
function feed(session, tell) {
  // With its own reconnecting this ticker may end the whole process; the kit starts it again instead.
  const ticker = new KiteTicker({ api_key: key, access_token: session.access_token, reconnect: false });
  ticker.on('connect', () => {
    ticker.subscribe(Object.keys(INDICES).map(Number));
    tell('subscribed');
  });
  ticker.on('ticks', (news) => {
    for (const { instrument_token, last_price } of news) ticks[INDICES[instrument_token]] = last_price;
    tell('live');
  });
  for (const event of ['error', 'close']) ticker.on(event, () => tell('refused', 'the ticker was closed'));
  ticker.connect();
  return () => ticker.disconnect();
}

yours({ exchange, verify, feed });

// breeze.getQuotes({ stockCode: 'NIFTY', exchangeCode: 'NSE', … }) for each
export const quotes = reads('quotes', async (session) => {
  const all = await kite(session).getQuote(Object.values(INDICES));
  return Object.fromEntries(Object.entries(all).map(([name, { last_price }]) => [name, last_price]));
});

// breeze.getCustomerDetails(session.token)
export const profile = reads('profile', async (session) => (await kite(session).getProfile()).user_name);

// It only says so. Here stand kite(session).placeOrder('regular', { …, tag }), or breeze.placeOrder({ …, userRemark: tag }),
// and beside `within` a lookUp that finds an order by its tag: see examples/node/trading.mjs.
export const buy = acts(
  'buy',
  { within: 600 },
  (_session, _tag, symbol, quantity) => `would buy ${quantity} ${symbol}`,
);
