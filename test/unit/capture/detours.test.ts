import { describe, expect, it } from 'vitest';
import { detours } from '../../../utils/platform/network/detours.ts';
import { ordersOf } from '../../support/orders.ts';

const BROKER = 'https://kite.zerodha.com/connect/finish';
const REDIRECT = 'http://127.0.0.1:8000/?request_token=theirs';
const CHANGED = 'http://127.0.0.1:8000/?request_token=evil';

const isBrokers = (url: string) => url.startsWith('https://kite.zerodha.com/');

describe('a request was led on', () => {
  it.each<[isLedOn: boolean, what: string, addresses: string[]]>([
    [false, 'at its first address', [REDIRECT]],
    [false, 'told of twice', [REDIRECT, REDIRECT]],
    [false, 'by the broker’s redirect header', [BROKER, REDIRECT]],
    [
      false,
      'by the browser, to https',
      ['http://trade.example/?request_token=1', 'https://trade.example/?request_token=1'],
    ],
    [false, 'by our own rule, to nowhere', [REDIRECT, 'http://127.0.0.1:1/sealed']],
    [true, 'within its origin', [REDIRECT, CHANGED]],
    [true, 'by another site', ['https://evil.example/go', REDIRECT]],
    [true, 'after the broker’s redirect header', [BROKER, REDIRECT, CHANGED]],
    [true, 'and once more by the broker', ['https://evil.example/go', BROKER, REDIRECT]],
    [false, 'and told of before and after our own rule', [REDIRECT, REDIRECT, 'http://127.0.0.1:1/sealed']],
    [false, 'by the broker’s header, and by our own rule', [BROKER, REDIRECT, 'http://127.0.0.1:1/sealed']],
    [true, 'and sealed after that', [REDIRECT, CHANGED, 'http://127.0.0.1:1/sealed']],
  ])('%s in whatever order its events come: %s', (isLedOn, _, addresses) => {
    const events = addresses.map((url, index) => ({ requestId: '1', url, timeStamp: 1_000 + index }));
    for (const order of ordersOf(events)) {
      const ways = detours(isBrokers);
      for (const event of order) ways.pass(event);
      expect([ways.isLedOn('1'), ways.isLedOn('2')]).toEqual([isLedOn, false]);
    }
  });

  it('is never said of a request of which only a part is known', () => {
    const ways = detours(isBrokers);
    ways.pass({ requestId: '1', url: REDIRECT, timeStamp: 2 });
    expect(ways.isLedOn('1')).toBe(false);
    ways.pass({ requestId: '1', url: BROKER, timeStamp: 1 });
    expect(ways.isLedOn('1')).toBe(false);
  });

  it('is forgotten of the oldest of many', () => {
    const ways = detours(isBrokers);
    const leadOn = (requestId: string) =>
      [REDIRECT, CHANGED].forEach((url, timeStamp) => {
        ways.pass({ requestId, url, timeStamp });
      });
    for (let one = 0; one <= 200; one++) leadOn(String(one));
    expect([ways.isLedOn('0'), ways.isLedOn('1'), ways.isLedOn('200')]).toEqual([false, true, true]);
  });
});
