import { describe, expect, it } from 'vitest';
import { detours } from '../../../utils/platform/network/detours.ts';

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
  ])('%s: %s', (isLedOn, _, addresses) => {
    const ways = detours(isBrokers);
    for (const url of addresses) ways.pass({ requestId: '1', url });
    expect([ways.isLedOn('1'), ways.isLedOn('2')]).toEqual([isLedOn, false]);
    ways.end('1');
    ways.pass({ requestId: '1', url: REDIRECT });
    expect(ways.isLedOn('1')).toBe(false);
  });
});
