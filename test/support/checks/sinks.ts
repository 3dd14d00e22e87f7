import { wrap } from '../../../utils/domain/base/records.ts';
import type { LogEvent } from '../../../utils/domain/records/log.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import type { RecordingProxy } from '../backend/recording-proxy.ts';
import { startSite } from '../backend/target.ts';
import type { Browser, Tab } from '../browsers/browser.ts';
import { shownTabs } from '../browsers/shown-tabs.ts';
import { until } from '../until.ts';

/** A place where a secret could come to lie. */
export interface Sink {
  name: string;
  /** Puts a text of small letters and digits there, by the way a leak would take. */
  plant(text: string): Promise<void>;
  read(): Promise<string> | string;
}

/** What a screen showed whenever it was looked at. */
export interface Screens {
  /** Looks at every tab that shows one of these pages, and at the popup where it is open. */
  look(): Promise<void>;
  sinks: Sink[];
}

// Also what stands in fields, which is no part of the markup.
const SHOWN = `[document.title, document.documentElement.outerHTML,
  ...[...document.querySelectorAll('input, textarea, select')].map((field) => field.value)].join('\\n')`;

/** Our own screens, and the person's redirect page that begins with `redirectUrl`. */
export function watchScreens(browser: Browser, redirectUrl: string): Screens {
  const pages = { settings: browser.url('options.html'), captured: browser.url('captured.html'), redirectUrl };
  const seen: Record<string, string[]> = { settings: [], captured: [], redirectUrl: [], popup: [] };
  const look = async () => {
    for (const { tab, url } of await shownTabs(browser)) {
      const name = Object.entries(pages).find(([, start]) => url.startsWith(start))?.[0];
      // A tab may be on its way to another page.
      if (name) seen[name]?.push(await tab.evaluate<string>(SHOWN).catch(() => ''));
    }
    const popup = await browser.options.evaluate<string>(
      `((document) => document ? ${SHOWN} : '')(chrome.extension.getViews({ type: 'popup' })[0]?.document)`,
    );
    seen.popup?.push(popup);
  };
  const page = (name: string, url: string): Sink => ({
    name: `the page ${name}`,
    async plant(text) {
      const tab = await browser.newTab();
      await tab.goto(url);
      await tab.evaluate(writeIntoPage, text);
      await look();
      await tab.close();
    },
    read: () => seen[name]?.join('\n') ?? '',
  });
  const popup: Sink = {
    name: 'the popup',
    async plant(text) {
      const opened = await browser.popup();
      await opened.read((document, value) => {
        document.body.append(Object.assign(document.createElement('input'), { value }));
      }, text);
      await look();
      await opened.close();
    },
    read: () => seen.popup?.join('\n') ?? '',
  };
  return { look, sinks: [...Object.entries(pages).map(([name, url]) => page(name, url)), popup] };
}

function writeIntoPage(value: string): void {
  document.body.append(Object.assign(document.createElement('input'), { value }));
}

/** Everything in which the browser, or the extension by it, keeps or shows something. */
export function browserSinks(browser: Browser): Sink[] {
  const { options } = browser;
  return [
    {
      name: 'the console of a page',
      plant: (text) => options.evaluate((line) => console.log(line), text),
      read: () => browser.console().join('\n'),
    },
    {
      name: 'the console of the background',
      plant: (text) => browser.logInBackground(text),
      read: () => browser.console().join('\n'),
    },
    ...(['local', 'sync', 'session'] as const).map((area) => storage(options, area)),
    {
      name: 'IndexedDB',
      plant: (text) => putRecord(options, 'planted', text),
      read: () => options.evaluate(readDatabases),
    },
    {
      name: 'the badge and its tooltip',
      plant: (text) => options.evaluate((title) => chrome.action.setTitle({ title }), text),
      read: () =>
        options.evaluate(async () => `${await chrome.action.getBadgeText({})} ${await chrome.action.getTitle({})}`),
    },
    {
      name: 'the diagnostics, which show the log',
      plant: (text) => plantInLog(browser, text, { event: 'answered', account: text, yes: true, at: Date.now() }),
      async read() {
        const reply = await browser.send({ type: 'diagnose' });
        return reply.ok ? (reply.text ?? '') : '';
      },
    },
    {
      name: 'the delivery log',
      plant: (text) =>
        plantInLog(browser, text, { event: 'delivery', account: text, outcome: 'applied', ms: 1, at: Date.now() }),
      async read() {
        const reply = await browser.send({ type: 'deliveries' });
        return JSON.stringify(reply);
      },
    },
    {
      name: 'a settings file',
      async plant(text) {
        const day = { date: '2027-01-26', kind: 'holiday' as const, name: text, hours: null };
        const overview = await browser.overview();
        if (!overview) throw new Error('there is no overview');
        const preferences = { ...overview.preferences, own: { days: [day], through: null } };
        await browser.send({ type: 'save-preferences', preferences });
      },
      async read() {
        const reply = await browser.send({ type: 'export' });
        return reply.ok ? (reply.text ?? '') : '';
      },
    },
  ];
}

/** The browser's history, and what went over the network; `isDestination` and `isVisited` say what is meant to hold a token. */
export function networkSinks(
  browser: Browser,
  { recorded }: RecordingProxy,
  isDestination: (host: string) => boolean,
  isVisited: (host: string) => boolean,
): Sink[] {
  const visit = async (url: string) => {
    const tab = await browser.newTab();
    await tab.goto(url).catch(() => undefined);
    await tab.close();
  };
  return [
    {
      name: 'the address of a request',
      plant: (text) => visit(`http://${text}.test/`),
      read: () =>
        recorded
          .filter(({ host }) => !isVisited(host))
          .map(({ host, asked }) => `${host} ${asked.split('\n')[0]}`)
          .join('\n'),
    },
    {
      name: 'a request to anyone but the destination',
      async plant(text) {
        const form = `<form method="post" action="/posted"><button name="value" value="${text}">`;
        const site = await startSite((url) => (url === '/posted' ? '<h1>posted</h1>' : form));
        const tab = await browser.newTab();
        await tab.goto(site.url);
        await tab.click('button');
        // A tab that closes takes its request along.
        await tab.waitForSelector('h1');
        await tab.close();
        await site.close();
      },
      read: () =>
        recorded
          .filter(({ host }) => !isVisited(host) && !isDestination(host))
          .map(({ asked }) => asked)
          .join('\n'),
    },
    {
      name: 'an answer',
      async plant(text) {
        const site = await startSite(() => text);
        await visit(site.url);
        await site.close();
      },
      read: () => recorded.map(({ answered }) => answered).join('\n'),
    },
  ];
}

function storage(options: Tab, area: 'local' | 'sync' | 'session'): Sink {
  return {
    name: `storage.${area}`,
    plant: (text) => options.evaluate((one) => chrome.storage[one.area].set({ planted: one.text }), { area, text }),
    read: () => options.evaluate(async (one) => JSON.stringify(await chrome.storage[one].get(null)), area),
  };
}

/** Makes `event` the whole log. A background keeps a log that it has read, and may write that again at any moment. */
async function plantInLog(
  { options, killWorker }: Browser,
  text: string,
  event: LogEvent & { at: number },
): Promise<void> {
  const record = wrap(STORED.log, [event]);
  await until(
    async () => {
      await killWorker();
      await putRecord(options, 'log', record);
      await killWorker();
      return options.evaluate(readDatabases);
    },
    (kept) => kept.includes(text),
  );
}

function putRecord(options: Tab, key: string, value: unknown): Promise<void> {
  return options.evaluate(
    (one) =>
      new Promise<void>((written, failed) => {
        const opening = indexedDB.open('opening-bell');
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const writing = database.transaction('records', 'readwrite');
          writing.objectStore('records').put(one.value, one.key);
          writing.oncomplete = () => {
            database.close();
            written();
          };
        };
      }),
    { key, value },
  );
}

/** All records of all databases of the page it runs in. */
async function readDatabases(): Promise<string> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((success, failure) => {
      request.onsuccess = () => success(request.result);
      request.onerror = () => failure(request.error);
    });
  const found: unknown[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      found.push(name, store, await done(records.getAllKeys()), await done(records.getAll()));
    }
    database.close();
  }
  return JSON.stringify(found);
}
