import { describe, expect, it } from 'vitest';
import type { WebRequest } from '../../../../utils/platform/browser.ts';
import { detours } from '../../../../utils/platform/network/detours.ts';
import {
  documentsOf,
  seenBrokerPage,
  seenHeaders,
  seenRedirectTo,
  seenRequest,
} from '../../../../utils/platform/network/navigation.ts';

const URL_OF_LOGIN = 'http://127.0.0.1:8000/?request_token=TokenOfKiteWith32LettersAndDigit';
const details = {
  requestId: '1',
  tabId: 7,
  frameId: 0,
  parentFrameId: -1,
  method: 'GET',
  type: 'main_frame',
  timeStamp: 1,
  thirdParty: false,
  url: URL_OF_LOGIN,
  originUrl: 'https://kite.zerodha.com/connect/login',
  redirectUrl: URL_OF_LOGIN,
  statusLine: 'HTTP/1.1 302 Found',
  statusCode: 302,
  fromCache: false,
  responseHeaders: [{ name: 'Location', value: URL_OF_LOGIN }],
  requestHeaders: [],
};
type Every = WebRequest.OnBeforeRequestDetailsType &
  WebRequest.OnHeadersReceivedDetailsType &
  WebRequest.OnSendHeadersDetailsType &
  WebRequest.OnBeforeRedirectDetailsType;

const direct = detours(() => false);
const EVENTS = {
  seenRequest: (request: Every) => seenRequest(request, direct),
  seenHeaders,
  seenRedirectTo,
  seenBrokerPage,
};

describe('only the outermost, active frame of a tab counts (CAP-05)', () => {
  it.each<[isSeen: boolean, what: string, change: object]>([
    [true, 'the outermost frame', {}],
    [true, 'the outermost frame, which Chromium calls active', { documentLifecycle: 'active' }],
    [false, 'a frame in a page', { frameId: 3, parentFrameId: 0 }],
    [false, 'a page that is loaded ahead of a click', { documentLifecycle: 'prerender' }],
    [false, 'a page that is kept to go back to', { documentLifecycle: 'cached' }],
    [false, 'a request without a tab', { tabId: -1 }],
  ])('seen %s: %s', (isSeen, _what, change) => {
    const seen = Object.entries(EVENTS).filter(([, read]) => read({ ...details, ...change } as Every) !== null);
    expect(seen.map(([name]) => name)).toEqual(isSeen ? Object.keys(EVENTS) : []);
  });

  it('and the browser is asked for nothing else', () =>
    expect(documentsOf(['http://127.0.0.1/*'])).toEqual({ urls: ['http://127.0.0.1/*'], types: ['main_frame'] }));
});
