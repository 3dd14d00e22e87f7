import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECTIONS } from '../../../components/settings/section.tsx';
import type { SettingsFile } from '../../../utils/domain/transfer/settings-file.ts';
import { type SetUp as In, setUpIn } from '../../start/set-up.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { barriers } from '../../support/checks/accessible.ts';
import { until } from '../../support/until.ts';

type SetUp = In<Chromium>;
const OLD = 'https://old.example.in/*';

let all: SetUp;
let page: Page;
beforeAll(async () => {
  all = await setUpIn(startChromium);
  page = await all.browser.context.newPage();
});
afterAll(() => all.close());

const go = async (section: string) => {
  await page.goto(all.browser.url(`options.html#${section}`));
  await page.waitForSelector(`[data-section="${section}"]`);
};
const isFocused = (selector: string) => page.evaluate((at) => document.activeElement?.matches(at), selector);
const takesFocus = (selector: string) =>
  until(
    () => isFocused(selector),
    (is) => is === true,
  );
const says = (selector: string, words: RegExp) =>
  until(
    () => page.innerText(selector),
    (text) => words.test(text),
  );
const logIn = async (account: 'zerodha' | 'icici') => {
  const { browser, ids } = all;
  const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[account] }));
  await tab.waitForSelector('#login');
  await tab.click('#login');
  return tab;
};

describe('the sections', () => {
  it('are reached by their links, take the focus, and are left by the back button', async () => {
    await page.goto(all.browser.url('options.html'));
    await page.waitForSelector('[data-section="accounts"]');
    expect(await isFocused('body')).toBe(true);
    await page.click('.sections a[href="#market"]');
    await takesFocus('#heading-market');
    await page.click('.sections a[href="#about"]');
    await page.waitForSelector('[data-section="about"]');
    expect(await page.getAttribute('.sections [aria-current="page"]', 'href')).toBe('#about');
    await page.goBack();
    await takesFocus('#heading-market');
  });

  it('are reached by the keyboard alone', async () => {
    await page.goto(all.browser.url('options.html'));
    await page.reload();
    await page.waitForSelector('[data-section="accounts"]');
    for (const section of SECTIONS.slice(0, 7)) {
      await page.keyboard.press('Tab');
      expect(await isFocused(`.sections a[href="#${section}"]`)).toBe(true);
    }
    await page.keyboard.press('Enter');
    await takesFocus('#heading-permissions');
    await page.waitForSelector('[data-host] button');
    await page.keyboard.press('Tab');
    expect(await isFocused('[data-host] button')).toBe(true);
  });

  it('are the accounts where the address names none', async () => {
    await page.goto(all.browser.url('options.html#nowhere'));
    await page.waitForSelector('[data-section="accounts"]');
  });

  it('can be found by the browser, so that one tab shows them all', async () => {
    const found = await page.evaluate(async () => {
      const tabs = await chrome.tabs.query({ url: `${chrome.runtime.getURL('/options.html')}*` });
      return tabs.map(({ url }) => url);
    });
    expect(found).toContain(page.url());
  });
});

describe('the delivery log', () => {
  let destination: TestDestination;
  beforeAll(async () => {
    destination = await openDestination();
  });
  afterAll(() => destination.close());
  const card = '[data-destination]:has-text("ICICI Direct icici")';
  const line = `${card} tr[data-what="delivery"]`;

  it('shows a delivery that was refused, without its token, and sends it again on a click', async () => {
    const { practice, browser, ids } = all;
    const { url, secret } = destination;
    await browser.send({ type: 'save-destination', account: ids.icici, form: { kind: 'signed', url, secret } });
    destination.answerTokens(destination.refuse('configuration'));
    const tab = await logIn('icici');
    await until(
      () => browser.account('icici'),
      (one) => one?.advice?.mend === 'retry',
    );
    await tab.close();
    await go('destinations');
    await says(line, /apisession[\s\S]*422 API key or secret refused/);
    await page.click(`${line} .opens`);
    const facts = await page.innerText(`${card} div.inside`);
    expect(facts).toContain(`POST ${url}`);
    expect(facts).toMatch(/session\.captured/);
    expect(facts).toMatch(/ob_[a-z2-7]{26}/);
    expect(facts).toMatch(/\d+ bytes/);
    expect(facts).toMatch(/In its own words/);
    expect(facts).toContain('configuration');
    const [token = ''] = [...practice.brokers.breeze.sessions.keys()].slice(-1);
    expect(token).not.toBe('');
    expect(await page.content()).not.toContain(token);
    destination.answerTokens((_, usual) => usual());
    await page.click(`${line} [data-action="redeliver"]`);
    await says(line, /422 API key or secret refused, then applied/);
    expect(await page.locator(`${line} [data-action="redeliver"]`).count()).toBe(0);
    await until(
      () => browser.account('icici'),
      (one) => one?.status === 'live',
    );
  });

  it('tests the destination it belongs to', async () => {
    await page.click(`${card} [data-action="test"]`);
    await until(
      () => page.locator(`${card} [data-step][data-ok="true"]`).count(),
      (count) => count === 2,
    );
    await says(`${card} .test`, /Proof[\s\S]*Your backend answered with the pairing secret’s signature/);
  });
});

describe('the permissions', () => {
  it('are taken back and allowed again, and each says who needs it', async () => {
    await go('permissions');
    const row = '[data-host="https://kite.zerodha.com/*"]';
    expect(await page.innerText(row)).toMatch(/Zerodha zerodha: to see Zerodha send the login back/);
    await page.click(`${row} button`);
    await page.waitForSelector(`${row}[data-granted="false"]`);
    await page.click(`${row} button`);
    await page.waitForSelector(`${row}[data-granted="true"]`);
  });

  it('show what nothing needs any more, until it is taken back', async () => {
    await all.browser.allow(OLD);
    await go('permissions');
    await says(`[data-host="${OLD}"]`, /allowed, not needed/);
    await page.click(`[data-host="${OLD}"] button`);
    await page.waitForSelector(`[data-host="${OLD}"]`, { state: 'detached' });
  });
});

describe('what is written into a form', () => {
  it('is checked when its field is left', async () => {
    await go('reminders');
    await page.fill('[name="morning"]', '25:00');
    expect(await page.locator('.problem').count()).toBe(0);
    await page.press('[name="morning"]', 'Tab');
    await says('form', /This must be a time of day like 08:45/);
    await page.fill('[name="morning"]', '08:50');
    expect(await page.locator('.problem').count()).toBe(0);
    await go('dashboards');
    await page.click('[data-action="add-dashboard"]');
    await page.fill('[name="origin"]', 'localhost:8000/path');
    await page.press('[name="origin"]', 'Tab');
    await says('form', /must be an address such as http/);
    await page.fill('[name="readLimitMs"]', '5');
    await page.press('[name="readLimitMs"]', 'Tab');
    await says('form', /must be a number of seconds from 10 to 900/);
  });
});

describe('the market’s days', () => {
  it('are listed for the market and the year that are chosen', async () => {
    await go('market');
    await page.selectOption('[name="year"]', '2026');
    expect(await page.innerText('[data-day="2026-11-24"]')).toMatch(/24 Nov[\s\S]*no trading[\s\S]*Guru Nanak Jayanti/);
    await page.selectOption('[name="market"]', 'mcx');
    await says('[data-section="market"]', /Saved\.[\s\S]*No holiday is known for 2026/);
    await page.selectOption('[name="market"]', 'nse-fo');
    await page.waitForSelector('[data-day="2026-11-24"]');
  });
});

describe('the documents', () => {
  it.each(['security', 'contract', 'clock', 'dashboards', 'browsers', 'license'])(
    '%s opens from the extension',
    async (name) => {
      await go('about');
      const [opened] = await Promise.all([
        all.browser.context.waitForEvent('page'),
        page.click(`a[href="/docs/${name}.txt"]`),
      ]);
      await opened.waitForURL(all.browser.url(`docs/${name}.txt`));
      expect((await opened.innerText('body')).length).toBeGreaterThan(500);
      await opened.close();
    },
  );
});

describe.each([
  ['wide', { width: 1_200, height: 900 }],
  ['as narrow as at 200 %', { width: 340, height: 740 }],
] as const)('the settings, %s,', (_name, viewport) => {
  it.each(SECTIONS)('%s fit, also from right to left, and are accessible in both themes', async (section) => {
    await page.setViewportSize(viewport);
    await go(section);
    if (section === 'destinations') await page.click('.deliveries .opens');
    if (section === 'diagnostics') await page.click('[data-action="diagnose"]');
    if (section === 'data') await page.click('[data-action="forget-everything"]');
    if (section === 'dashboards') await page.click('[data-action="add-dashboard"]');
    expect(await barriers(page)).toEqual([]);
    for (const direction of ['ltr', 'rtl']) {
      const wider = await page.evaluate((dir) => {
        document.documentElement.dir = dir;
        return document.documentElement.scrollWidth - document.documentElement.clientWidth;
      }, direction);
      expect([direction, wider]).toEqual([direction, 0]);
    }
    await page.reload();
  });
});

// The last, since nothing is left after it.
describe('the settings as a file', () => {
  const chosen = (text: string) => ({ name: 'settings.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  let file: SettingsFile;

  it('are saved without a secret', async () => {
    await page.setViewportSize({ width: 1_200, height: 900 });
    await go('data');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('[data-action="export"]')]);
    expect(saved.suggestedFilename()).toMatch(/^opening-bell-settings-\d{4}-\d\d-\d\d\.json$/);
    const text = await readFile(await saved.path(), 'utf8');
    file = JSON.parse(text) as SettingsFile;
    expect(file.accounts.map(({ name }) => name)).toEqual(['zerodha', 'icici']);
    expect(text).not.toMatch(/whsec_|fingerprint|secret/);
  });

  it('say what is wrong with a file, by its field, and change nothing', async () => {
    await page.setInputFiles('[name="settings-file"]', chosen(JSON.stringify({ ...file, secret: 'x' })));
    await says('[data-import="wrong"]', /secret looks like a secret/);
    await page.setInputFiles('[name="settings-file"]', chosen(' '.repeat(300_000)));
    await says('[data-import="wrong"]', /larger than 256 KiB/);
    await page.setInputFiles('[name="settings-file"]', chosen(JSON.stringify(file)));
    await says('[data-import="shown"]', /Everything is as the file says already/);
    await page.click('[data-action="cancel-import"]');
  });

  const imports = async (text: string) => {
    await go('data');
    await page.setInputFiles('[name="settings-file"]', chosen(text));
    await page.click('[data-action="import"]');
    await says('[data-section="data"]', /Done\./);
  };
  const scripts = async () => (await page.evaluate(() => chrome.scripting.getRegisteredContentScripts())).length;

  it('pause an account whose logins they change, leave a new dashboard off, and say both before', async () => {
    const { browser, practice, ids } = all;
    const changed = structuredClone(file);
    const [zerodha] = changed.accounts;
    if (!zerodha) throw new Error('there is no account');
    zerodha.apiKey = 'another';
    zerodha.dashboards = [
      {
        origin: 'http://127.0.0.1:8000',
        signals: [],
        rules: [{ method: 'POST', path: '/orders*', effect: 'read' }],
        readLimitMs: 60_000,
        actLimitMs: 60_000,
        lookup: null,
      },
    ];
    const [requests, running] = [practice.brokers.kite.requests.length, await scripts()];
    await page.setInputFiles('[name="settings-file"]', chosen(JSON.stringify(changed)));
    await says('[data-what="account"] [data-warning="paused"]', /pauses it[\s\S]*pressed “Resume”/);
    await says('[data-what="dashboard"] [data-warning="switched_off"]', /off until you switch it on/);
    expect(await barriers(page)).toEqual([]);
    await imports(JSON.stringify(changed));
    expect(
      await until(
        () => browser.account('zerodha'),
        (one) => one?.settings.paused === true,
      ),
    ).toMatchObject({
      settings: { apiKey: 'another', paused: true },
    });
    expect(await browser.send({ type: 'log-in', account: ids.zerodha })).toMatchObject({ ok: false });
    expect([practice.brokers.kite.requests.length, await scripts()]).toEqual([requests, running]);
    await go('dashboards');
    const card = '[data-dashboard="http://127.0.0.1:8000"]';
    await says(card, /POST \/orders\* read[\s\S]*came with a settings file/);
    expect(await barriers(page)).toEqual([]);
    await page.click(`${card} [data-action="switch-on"]`);
    await page.waitForSelector(`${card} [data-action="switch-on"]`, { state: 'detached' });
    await expect.poll(scripts).toBe(running + 2);
    await imports(JSON.stringify(file));
    expect((await browser.account('zerodha'))?.settings.paused).toBe(true);
    await expect.poll(scripts).toBe(running);
    await go('accounts');
    await page.click('section[data-account="zerodha"] [data-action="pause"]');
    await until(
      () => browser.account('zerodha'),
      (one) => one?.settings.paused === false,
    );
  });

  it('show every change first, and make it only on a click', async () => {
    const { browser, practice } = all;
    await go('data');
    const changed = structuredClone(file);
    const [zerodha] = changed.accounts.splice(1, 1) && changed.accounts;
    if (!zerodha?.destinations[0]) throw new Error('the account has no destination');
    zerodha.destinations[0].url = 'https://trade.example.in/session';
    const before = practice.brokers.kite.requests.length;
    await page.setInputFiles('[name="settings-file"]', chosen(JSON.stringify(changed)));
    await says('[data-import="shown"]', /It has no pairing/);
    const shown = await page.$$eval('[data-change]', (items) =>
      items.map((one) => `${one.getAttribute('data-what')} ${one.getAttribute('data-change')}`),
    );
    expect(shown).toEqual(['destination changed', 'account removed', 'destination removed']);
    expect(await barriers(page)).toEqual([]);
    await page.click('[data-action="cancel-import"]');
    expect((await browser.overview())?.accounts).toHaveLength(2);
    await page.setInputFiles('[name="settings-file"]', chosen(JSON.stringify(changed)));
    await page.click('[data-action="import"]');
    await says('[data-section="data"]', /Done\./);
    const after = await until(
      () => browser.overview(),
      (view) => view?.accounts.length === 1,
    );
    expect(after?.accounts[0]?.destination).toMatchObject({ host: 'trade.example.in', fingerprint: '' });
    expect(practice.brokers.kite.requests).toHaveLength(before);
    await go('destinations');
    await says('[data-destination]', /no pairing secret in this browser[\s\S]*came with a settings file/);
  });

  it('are all forgotten once the person has written that they mean it', async () => {
    await go('data');
    await page.click('[data-action="forget-everything"]');
    await page.fill('[name="forget-words"]', 'Forget everything');
    await page.click('[data-action="forget-everything-now"]');
    await says('form', /Write “nothing is left” first/);
    expect((await all.browser.overview())?.accounts).toHaveLength(1);
    await page.fill('[name="forget-words"]', 'Nothing is left');
    await page.press('[name="forget-words"]', 'Enter');
    await says('[data-section="data"]', /Everything is forgotten\./);
    expect((await all.browser.overview())?.accounts).toEqual([]);
    const left = await page.evaluate(async () => ({
      permissions: await chrome.permissions.getAll().then(({ origins = [] }) => origins),
      local: await chrome.storage.local.get(null),
      rules: await chrome.declarativeNetRequest.getDynamicRules(),
    }));
    expect(left).toEqual({ permissions: [], local: {}, rules: [] });
    await go('accounts');
    await says('[data-section="accounts"]', /Add your first account/);
  });
});
