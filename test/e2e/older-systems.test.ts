import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../brokers/index.ts';
import { OLDER_DJANGO, OLDER_FASTAPI, OLDER_NEXTJS, PERSON } from '../peers/older.ts';
import { type Peer, type RunningPeer, startPeer } from '../peers/peers.ts';
import { type Chromium, startChromium } from '../support/chromium.ts';
import { APPS } from '../support/practice.ts';
import { until } from '../support/until.ts';

/** Systems that cannot change, in their own framework, set up in the settings by their preset. */
describe('a token for an older system', () => {
  let brokers: PracticeBrokers;
  let chromium: Chromium;
  let running: RunningPeer | null = null;
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    brokers.breeze.register(APPS.icici);
    chromium = await startChromium({ brokers });
    await chromium.preGrant(['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*']);
  });
  afterEach(async () => {
    for (const one of (await chromium.overview())?.accounts ?? [])
      await chromium.send({ type: 'forget', account: one.settings.id });
    await chromium.context.clearCookies();
    await running?.stop();
    running = null;
  });
  afterAll(async () => {
    await chromium.close();
    await brokers.close();
  });

  for (const peer of OLDER_DJANGO)
    for (const login of ['cookie', 'tab'] as const)
      it.skipIf(peer.missing() !== null)(
        `${peer.name}, by ${login}: waits for the login there, then arrives once`,
        async () => {
          const id = await setUp(peer, 'icici', 'django-breeze', login);
          await logInAtBroker(id);
          const waiting = await shown(({ status }) => status === 'failed');
          expect(waiting?.advice).toMatchObject({
            mend: 'retry',
            says: expect.stringMatching(
              login === 'cookie' ? /not logged in at your backend/ : /No tab of your backend/,
            ),
          });
          expect(await received()).toEqual([]);

          const page = await logInAtDjango();
          await chromium.send({ type: 'retry', account: id });
          const after = await shown(({ status }) => status === 'accepted');
          await page.close();
          expect(after?.links?.map(({ name, note }) => [name, note])).toEqual([
            ['captured', null],
            ['delivered', 'accepted'],
          ]);
          expect(await received()).toEqual([brokers.breeze.issue(APPS.icici.apiKey)]);
        },
      );

  it.skipIf(OLDER_NEXTJS.missing() !== null)(`${OLDER_NEXTJS.name} gets the JSON of its session manager`, async () => {
    await logInAtBroker(await setUp(OLDER_NEXTJS, 'icici', 'session-manager'));
    await shown(({ status }) => status === 'accepted');
    expect(await received()).toEqual([{ action: 'update', sessionToken: brokers.breeze.issue(APPS.icici.apiKey) }]);
  });

  it.skipIf(OLDER_FASTAPI.missing() !== null)(
    `${OLDER_FASTAPI.name} gets its callback, whose redirect is not followed`,
    async () => {
      await logInAtBroker(await setUp(OLDER_FASTAPI, 'zerodha', 'kite-callback'));
      await shown(({ status }) => status === 'accepted');
      const [request_token] = [...brokers.kite.tokens.keys()].slice(-1);
      expect(await received()).toEqual([{ request_token, status: 'success', action: 'login' }]);
    },
  );

  async function setUp(peer: Peer, broker: BrokerId, preset: string, login?: string): Promise<string> {
    running = await startPeer(peer, 'main');
    const { apiKey, redirectUrl } = APPS[broker];
    const form = { broker, name: 'main', apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
    const reply = await chromium.send({ type: 'save-account', id: null, form });
    const section = chromium.options.locator('section[data-account="main"]');
    await section.locator('[data-action="edit-destination"]').click();
    const destination = section.locator('form[aria-label="Destination"]');
    await destination.locator('[name="kind"]').selectOption('plain');
    await destination.locator('[name="preset"]').selectOption(preset);
    await destination.locator('[name="url"]').fill(running.url);
    if (login) await destination.locator('[name="login"]').selectOption(login);
    await destination.locator('[data-action="save-destination"]').click();
    await destination.waitFor({ state: 'detached' });
    const allow = section.locator('[data-action="allow"]');
    if (await allow.count()) await allow.click();
    await shown(({ hosts }) => hosts.every(({ granted }) => granted));
    return reply.ok ? (reply.account ?? '') : '';
  }

  async function logInAtBroker(account: string): Promise<void> {
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    await until(
      () => tab.url(),
      (url) => url.endsWith('captured.html'),
    );
    await tab.close();
  }

  async function logInAtDjango() {
    const page = await chromium.context.newPage();
    await page.goto(new URL('/admin/login/?next=/received', running?.url).href);
    await page.fill('#id_username', PERSON.name);
    await page.fill('#id_password', PERSON.password);
    await page.click('[type=submit]');
    await page.waitForURL('**/received');
    return page;
  }

  async function received(): Promise<unknown> {
    const path = running?.url.endsWith('session-manager') ? '' : '/received';
    const response = await fetch(new URL(path || '/api/session-manager', running?.url));
    return ((await response.json()) as { received: unknown }).received;
  }

  type View = NonNullable<Awaited<ReturnType<Chromium['account']>>>;
  function shown(isSo: (view: View) => boolean) {
    return until(
      () => chromium.account('main'),
      (one) => one !== undefined && isSo(one),
    );
  }
});
