import type { PracticeBrokers } from '../brokers/index.ts';
import { APPS } from '../support/backend/practice.ts';
import type { Browser, Tab } from '../support/browsers/browser.ts';
import { until } from '../support/until.ts';
import { pasteToken, pressTryAgain, waitForCard } from './card.ts';
import { PERSON } from './older.ts';
import { type Setting, setUp } from './settings.ts';
import type { RunningPeer } from './start.ts';
import type { Case } from './table.ts';

/** One account, its receiver, and what a person does with them. */
export interface Story {
  act(name: Case): Promise<void>;
  /** Waits until the popup says so of the newest login. */
  says(expected: string): Promise<void>;
  /** The case that a token was made in, in a word. */
  caseOf(token: string): string;
  end(): Promise<void>;
}

const STRANGER = 'ZZ9999';

/** Sets an account up in the real settings, for a receiver that runs. */
export async function begin(
  browser: Browser,
  brokers: PracticeBrokers,
  peer: RunningPeer,
  setting: Setting,
): Promise<Story> {
  const { broker, login } = setting;
  const app = APPS[broker];
  const account = await setUp(browser, peer, setting);
  const tokens = new Map<string, string>();
  let newest = '';
  let since = 0;
  let before = '';
  let isRefused = false;
  let backend: Tab | null = null;

  const remember = (token: string, name: string) => tokens.set(token, name.split(' ')[0] ?? '');

  async function logIn(name: Case, user: string = app.userId): Promise<void> {
    if (broker === 'icici') {
      brokers.breeze.register({ ...app, userId: user });
      brokers.breeze.rotate();
    }
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    if (broker === 'zerodha') await tab.fill('[name=user_id]', user);
    await tab.click('#login');
    await until(
      () => tab.url(),
      (url) => url.endsWith('captured.html'),
    );
    // Not waited for: 2026-11, on a machine with forty times its load one of some hundred closings was never confirmed.
    void tab.close().catch(() => undefined);
    newest = broker === 'zerodha' ? ([...brokers.kite.tokens.keys()].at(-1) ?? '') : brokers.breeze.issue(app.apiKey);
    remember(newest, name);
  }

  /** A token that the broker gave, and knows no more. */
  function expired(): string {
    if (broker === 'icici') brokers.breeze.rotate();
    const token = broker === 'zerodha' ? brokers.kite.issue(app.apiKey) : brokers.breeze.issue(app.apiKey);
    (broker === 'zerodha' ? brokers.kite.tokens : brokers.breeze.sessions).delete(token);
    remember(token, 'expired');
    return token;
  }

  async function visit(path: string): Promise<Tab> {
    const tab = backend ?? (await browser.newTab());
    await tab.goto(new URL(path, peer.url).href);
    backend = tab;
    return tab;
  }

  async function leave(): Promise<void> {
    await backend?.close();
    backend = null;
  }

  async function logInThere(): Promise<void> {
    if (!login) return;
    const tab = await visit('/admin/login/?next=/admin/');
    await tab.fill('#id_username', PERSON.name);
    await tab.fill('#id_password', PERSON.password);
    await tab.click('[type=submit]');
    await tab.waitForSelector('#user-tools');
    if (login === 'cookie') await leave();
  }

  async function logOutThere(): Promise<void> {
    await visit('/admin/logout/');
    if (login === 'cookie') await leave();
  }

  const steps: Record<Case, () => Promise<void>> = {
    'not logged in': () => logIn('not logged in'),
    async 'new token'() {
      await logInThere();
      await logIn('new token');
    },
    async 'same again'() {
      isRefused = !(await pasteToken(browser, newest));
    },
    'wrong account': () => logIn('wrong account', STRANGER),
    async expired() {
      isRefused = !(await pasteToken(browser, expired()));
    },
    async down() {
      await peer.down();
      await logIn('down');
    },
    async 'up again'() {
      await peer.up();
      await pressTryAgain(browser);
    },
    async 'logged out'() {
      await logOutThere();
      await logIn('logged out');
    },
    async 'in again'() {
      await logInThere();
      await pressTryAgain(browser);
    },
  };

  return {
    async act(name) {
      // What only goes on with the login before captures nothing.
      if (name !== 'up again' && name !== 'in again') since = Date.now();
      isRefused = false;
      await steps[name]();
    },
    async says(expected) {
      if (isRefused !== (expected === 'as before')) throw new Error(`the paste was ${isRefused ? 'refused' : 'taken'}`);
      await waitForCard(browser, isRefused ? before : expected, isRefused ? 0 : since);
      if (!isRefused) before = expected;
    },
    caseOf: (token) => tokens.get(token) ?? token,
    async end() {
      if (login) await logOutThere();
      await leave();
      await browser.send({ type: 'forget', account });
    },
  };
}
