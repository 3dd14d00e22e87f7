import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { ALL } from '../../peers/all.ts';
import { type Exchange, startExchange } from '../../peers/exchange.ts';
import type { Setting } from '../../peers/settings.ts';
import { type Peer, type RunningPeer, startPeer } from '../../peers/start.ts';
import { begin, type Story } from '../../peers/story.ts';
import { CASES, ROWS, type Row } from '../../peers/table.ts';
import { APPS } from '../../support/backend/practice.ts';
import type { Browser } from '../../support/browsers/browser.ts';
import { BROWSER, startBrowser } from '../../support/browsers/start-browser.ts';

const peerOf = ({ name }: Row) => ALL.find((peer) => name.startsWith(peer.name));

/** What is chosen in the settings for a row of the table. */
function settingOf({ name }: Row): Setting {
  if (name.startsWith('older Django'))
    return { broker: 'icici', preset: 'django-breeze', login: name.endsWith('cookie') ? 'cookie' : 'tab' };
  if (name === 'older Next.js') return { broker: 'icici', preset: 'session-manager' };
  const status = { path: '/api/status', value: 'broker.connected' };
  if (name.startsWith('older FastAPI'))
    return { broker: 'zerodha', preset: 'kite-callback', ...(name.endsWith('status page') ? { status } : {}) };
  return { broker: 'zerodha' };
}

// A person's login is what browsers do differently; everything else in here is the same code in both.
const HERE = ROWS.filter((row) => BROWSER === 'chromium' || settingOf(row).login);

describe('everyone else’s backend: the popup says what is in test/peers/table.ts', () => {
  let brokers: PracticeBrokers;
  let exchange: Exchange;
  let browser: Browser;
  const running = new Map<string, RunningPeer>();
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    brokers.breeze.register(APPS.icici);
    exchange = await startExchange(brokers);
    const peers = new Set(HERE.flatMap((row) => peerOf(row) ?? []).filter((peer) => peer.missing() === null));
    const start = async (peer: Peer) =>
      running.set(peer.name, await startPeer(peer, 'main', { exchange: exchange.url }));
    [browser] = await Promise.all([startBrowser({ brokers }), ...[...peers].map(start)]);
    await browser.preGrant(['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*']);
    // A dozen servers on a slow machine.
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([...running.values()].map(({ stop }) => stop()));
    await exchange.close();
    await brokers.close();
  });

  it('every receiver and every older system has its row', () => {
    expect(ALL.filter((peer) => !ROWS.some((row) => peerOf(row) === peer)).map(({ name }) => name)).toEqual([]);
    expect(ROWS.filter((row) => !peerOf(row)).map(({ name }) => name)).toEqual([]);
  });

  for (const row of HERE)
    describe.skipIf(peerOf(row)?.missing() !== null)(row.name, () => {
      let story: Story;
      let before = 0;
      it('is entered in the settings', async () => {
        const peer = running.get(peerOf(row)?.name ?? '');
        if (!peer) throw new Error(`${row.name} does not run`);
        before = exchange.asked.length;
        story = await begin(browser, brokers, peer, settingOf(row));
      });

      for (const name of CASES.filter((one) => row.cells.has(one)))
        it(`${name}: ${row.cells.get(name)}`, async () => {
          await story.act(name);
          await story.says(row.cells.get(name) ?? '');
        });

      it(`received ${row.received.join(', ')}`, async () => {
        await story.end();
        expect(exchange.asked.slice(before).map(story.caseOf)).toEqual(row.received);
      });
    });
});
