import type { BrokerId } from '../../utils/domain/contract.ts';
import { CONSEQUENCES, type TroubleCode } from '../../utils/domain/trouble.ts';
import type { PracticeBrokers } from '../brokers/index.ts';
import type { Browser, Tab } from '../support/browser.ts';
import { APPS } from '../support/practice.ts';
import { ANY_HOUR } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { PERSON } from './older.ts';
import type { RunningPeer } from './peers.ts';
import type { Case } from './table.ts';

/** How the settings' form is filled in: for the contract, or by a preset and what is chosen beside it. */
export interface Setting {
  broker: BrokerId;
  preset?: string;
  login?: 'cookie' | 'tab';
  /** A status page, where one value of its JSON means that the session is alive. */
  status?: { path: string; value: string };
}

/** One account, its receiver, and what a person does with them. */
export interface Story {
  act(name: Case): Promise<void>;
  /** Waits until the popup says so of the newest login. */
  says(expected: string): Promise<void>;
  /** The case that a token was made in, in a word. */
  caseOf(token: string): string;
  end(): Promise<void>;
}

const NAME = 'main';
const CARD = `[data-account="${NAME}"]`;
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
  let status = '';
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
    await tab.close();
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

  async function paste(token: string): Promise<void> {
    const popup = await browser.popup();
    await popup.click(`${CARD} [data-action="paste"]`);
    await popup.type('[name="paste"]', token);
    const submit = 'form.paste [type="submit"]:enabled';
    await until(
      () => popup.read((document, at) => document.querySelector(at) !== null, submit),
      (isThere) => isThere,
    );
    await popup.click(submit);
    const answered = await until(
      () =>
        popup.read((document) => {
          if (document.querySelector('[name="paste"][aria-invalid="true"]')) return 'refused';
          return document.querySelector('[data-action="accept"]') ? 'asked' : '';
        }, null),
      (word) => word !== '',
    );
    if (answered === 'asked') await popup.click('[data-action="accept"]');
    // Nothing new was captured then, and nothing may change.
    else since = 0;
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

  async function tryAgain(): Promise<void> {
    const popup = await browser.popup();
    // Where it is not offered it may have tried again by itself; or it never will.
    await popup.read((document) => document.querySelector<HTMLElement>('[data-mend="retry"]')?.click(), null);
  }

  const steps: Record<Case, () => Promise<void>> = {
    'not logged in': () => logIn('not logged in'),
    async 'new token'() {
      await logInThere();
      await logIn('new token');
    },
    'same again': () => paste(newest),
    'wrong account': () => logIn('wrong account', STRANGER),
    expired: () => paste(expired()),
    async down() {
      await peer.down();
      await logIn('down');
    },
    async 'up again'() {
      await peer.up();
      await tryAgain();
    },
    async 'logged out'() {
      await logOutThere();
      await logIn('logged out');
    },
    async 'in again'() {
      await logInThere();
      await tryAgain();
    },
  };

  return {
    async act(name) {
      // What only goes on with the login before captures nothing.
      if (name !== 'up again' && name !== 'in again') since = Date.now();
      await steps[name]();
    },
    async says(expected) {
      const [wanted = '', code] = expected === 'as before' ? [status] : expected.split(' ');
      if (expected === 'as before') since = since === 0 ? 0 : Number.POSITIVE_INFINITY;
      const words = code ? CONSEQUENCES[code as TroubleCode].says : '';
      const popup = await browser.popup();
      await until(
        () => popup.read(readCard, CARD),
        (card) => card.status === wanted && card.text.includes(words) && card.capturedAt >= since,
        30_000,
      );
      status = wanted;
    },
    caseOf: (token) => tokens.get(token) ?? token,
    async end() {
      if (login) await logOutThere();
      await leave();
      await browser.send({ type: 'forget', account });
    },
  };
}

function readCard(document: Document, at: string) {
  const card = document.querySelector<HTMLElement>(at);
  const captured = card?.querySelector<HTMLElement>('[data-link="captured"]');
  return {
    status: card?.dataset.status ?? '',
    text: card?.innerText ?? '',
    capturedAt: Number(captured?.dataset.at ?? 0),
  };
}

async function setUp(browser: Browser, { url, secret }: RunningPeer, setting: Setting): Promise<string> {
  const { broker, preset, login, status } = setting;
  const { apiKey, redirectUrl } = APPS[broker];
  const form = { broker, name: NAME, apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
  const reply = await browser.send({ type: 'save-account', id: null, form });
  if (!reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
  const { options } = browser;
  const section = `section${CARD}`;
  const field = (name: string) => `${section} form [name="${name}"]`;
  await options.click(`${section} [data-action="edit-destination"]`);
  if (preset) {
    await options.selectOption(field('kind'), 'plain');
    await options.selectOption(field('preset'), preset);
  }
  await options.fill(field('url'), url);
  if (!preset) await options.fill(field('secret'), secret);
  if (login) await options.selectOption(field('login'), login);
  if (status) {
    await options.selectOption(field('status'), 'path');
    await options.fill(field('status.url'), new URL(status.path, url).href);
    await options.fill(field('status.path'), status.value);
  }
  await options.click(`${section} [data-action="save-destination"]`);
  const isAllowed = async () => (await browser.account(NAME))?.hosts.every(({ granted }) => granted) ?? false;
  await until(
    async () => (await browser.account(NAME))?.destination ?? null,
    (destination) => destination !== null,
  );
  if (!(await isAllowed())) await options.click(`${section} [data-action="allow"]`);
  await until(isAllowed, (isSo) => isSo);
  await browser.send({ type: 'set-clock', account: reply.account, clock: ANY_HOUR });
  return reply.account;
}
