import { describe, expect, it } from 'vitest';
import { type Sender, senderOf } from '../../../../utils/domain/capture/provenance.ts';
import { listenToNavigations } from '../../../../utils/platform/network/listeners.ts';
import { ordersOf } from '../../../support/orders.ts';

const BROKER = 'https://kite.zerodha.com';
const REDIRECT = 'http://127.0.0.1:8000/?request_token=theirs';
const CHANGED = 'http://127.0.0.1:8000/?request_token=evil';
const NOWHERE = 'http://127.0.0.1:1/sealed';

type Kind =
  | 'onSendHeaders'
  | 'onBeforeRequest'
  | 'onBeforeRedirect'
  | 'onBeforeSendHeaders'
  | 'onCompleted'
  | 'onErrorOccurred';
type Event = [kind: Kind, url: string, to?: string];

const pages: string[] = [];
const heard: { url: string; sender: Promise<Sender | null> }[] = [];
listenToNavigations([`${BROKER}/*`], {
  async redirect(seen, way) {
    const sender = way.start.then((start) => senderOf({ ...seen, start, ledOn: way.isLedOn() }, [BROKER]));
    heard.push({ url: seen.url, sender });
    return { seal: false };
  },
  brokerPage: ({ url }) => void pages.push(url),
  sealed: () => undefined,
  answer: () => undefined,
});

type Told = readonly (readonly [timeStamp: number, Event])[];

/** Tells of one request's events, which began on the broker's page. */
function tell(requestId: string, events: Told): void {
  const listeners = chrome.webRequest as unknown as Record<Kind, { trigger(details: object): Promise<unknown> }>;
  for (const [timeStamp, [kind, at, redirectUrl]] of events) {
    const details = { requestId, timeStamp, url: at, redirectUrl, tabId: 1, frameId: 0, initiator: BROKER };
    const more = {
      method: 'GET',
      statusCode: 200,
      statusLine: 'HTTP/1.1 200',
      requestHeaders: [],
      error: 'net::FAILED',
    };
    void listeners[kind].trigger({ ...details, ...more });
  }
}

/** Who counts as the sender of an address after these events. */
function sendersOf(url: string, events: Told, requestId: string) {
  heard.length = 0;
  tell(requestId, events);
  return Promise.all(heard.filter((one) => one.url === url).map(({ sender }) => sender));
}

describe('in whatever order the events of a request reach a background that they wake', () => {
  it.each<[what: string, url: string, sender: Sender, events: Event[]]>([
    [
      'a redirect that our rule seals is the broker’s',
      REDIRECT,
      'page',
      [
        ['onBeforeRequest', REDIRECT],
        ['onBeforeRedirect', REDIRECT, NOWHERE],
        ['onBeforeRequest', NOWHERE],
        ['onBeforeSendHeaders', NOWHERE],
        ['onErrorOccurred', NOWHERE],
      ],
    ],
    [
      'a redirect that loads is the broker’s',
      REDIRECT,
      'page',
      [
        ['onBeforeRequest', REDIRECT],
        ['onBeforeSendHeaders', REDIRECT],
        ['onCompleted', REDIRECT],
      ],
    ],
    [
      'a redirect that a rule of another extension changed is nobody’s',
      CHANGED,
      'changed',
      [
        ['onBeforeRequest', REDIRECT],
        ['onBeforeRedirect', REDIRECT, CHANGED],
        ['onBeforeRequest', CHANGED],
        ['onBeforeSendHeaders', CHANGED],
        ['onCompleted', CHANGED],
      ],
    ],
  ])('%s', async (_, url, sender, events) => {
    for (const [index, order] of ordersOf([...events.entries()]).entries())
      expect(await sendersOf(url, order, `${sender} ${index} ${url}`), JSON.stringify(order)).toEqual([sender]);
  });

  it('a login page that leads on within the broker is heard of as the beginning, and last', () => {
    const events: Event[] = [
      ['onSendHeaders', `${BROKER}/connect/login`],
      ['onSendHeaders', `${BROKER}/connect/finish`],
      ['onCompleted', `${BROKER}/connect/finish`],
    ];
    for (const [index, order] of ordersOf([...events.entries()]).entries()) {
      pages.length = 0;
      tell(`login ${index}`, order);
      expect(pages.at(-1), JSON.stringify(order)).toBe(`${BROKER}/connect/login`);
    }
  });
});
