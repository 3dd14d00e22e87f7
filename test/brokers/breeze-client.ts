/**
 * The official Breeze client as a user runs it, in a process of its own: it switches the certificate check off for the whole
 * process and leaves globals behind. Only its clock is stopped, so that its checksums can be compared. It runs until it is
 * ended, since it tells nobody when its subscription has left.
 */
import { createRequire } from 'node:module';

interface Breeze {
  generateSession(secret: string, apisession: string): Promise<void>;
  getFunds(): Promise<unknown>;
  getQuotes(instrument: { stockCode: string; exchangeCode: string; productType: string }): Promise<unknown>;
  wsConnect(): void;
  subscribeFeeds(feed: { stockToken: string }): Promise<unknown>;
}

const [appKey = '', secret = '', apisession = '', at = '', stream = ''] = process.argv.slice(2);
const { BreezeConnect } = createRequire(import.meta.url)('breezeconnect') as {
  BreezeConnect: new (app: { appKey: string }) => Breeze;
};

class StoppedDate extends Date {
  constructor(...given: []) {
    if (given.length === 0) super(Number(at));
    else super(...given);
  }
}
globalThis.Date = StoppedDate as DateConstructor;

const breeze = new BreezeConnect({ appKey });
await breeze.generateSession(secret, apisession);
await breeze.getFunds();
await breeze.getQuotes({ stockCode: 'NIFTY', exchangeCode: 'NSE', productType: 'cash' });
breeze.wsConnect();
await breeze.subscribeFeeds({ stockToken: stream });
