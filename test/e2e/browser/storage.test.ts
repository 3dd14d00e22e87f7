import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Paired, startPairedIn } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startTarget } from '../../support/backend/target.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { until } from '../../support/until.ts';

describe('where the browser’s storage is not well', () => {
  let paired: Paired<Chromium>;
  let cdp: CDPSession;
  beforeAll(async () => {
    paired = await startPairedIn(startChromium);
    await paired.use('zerodha', APPS.zerodha.redirectUrl, 'seal');
    cdp = await paired.browser.context.newCDPSession(paired.browser.options);
  });
  afterAll(() => paired.close());

  it.each([
    ['the disk', fullDisk],
    ['the memory', fullMemory],
  ])(
    '%s is full: a login still arrives once, and what has no room is said until there is some (STO-08)',
    async (_, fill) => {
      const { browser, destination } = paired;
      const before = destination.tokens().length;
      const makeRoom = await fill();
      const startedAt = Date.now();
      const tab = await paired.logIn('zerodha');
      await until(
        () => destination.tokens().length,
        (count) => count === before + 1,
      );
      await tab.close();
      const popup = await browser.popup();
      await until(popup.text, (text) => text.includes('The browser has no room to store anything'));
      await makeRoom();
      await browser.send({ type: 'retry', account: paired.ids.zerodha });
      await until(popup.text, (text) => !text.includes('no room'));
      await popup.close();
      // What was only held is kept by now: the next background still knows it.
      await browser.killWorker();
      await browser.send({ type: 'refresh' });
      await until(
        () => browser.account('zerodha'),
        (known) => known?.status === 'live' && (known.links?.[0]?.at ?? 0) >= startedAt,
      );
      expect(destination.tokens()).toHaveLength(before + 1);
    },
  );

  it('the disk is full: a form that cannot be saved says so (STO-11)', async () => {
    const { options } = paired.browser;
    const makeRoom = await fullDisk();
    await options.evaluate(() => {
      location.hash = '#reminders';
    });
    await options.click('[data-action="save-reminders"]');
    const says = () => options.innerText('[data-section="reminders"] .problem');
    await until(says, (text) => text.startsWith('The browser’s storage could not be written: free some disk space'));
    await makeRoom();
    await options.click('[data-action="save-reminders"]');
    await options.waitForSelector('[data-section="reminders"] .problem', { state: 'detached' });
  });

  it('the key that signs can be used and never read again (STO-03)', async () => {
    const tried = await paired.browser.options.evaluate(async () => {
      const keys: CryptoKey[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((opened) => {
          const request = indexedDB.open(name);
          request.onsuccess = () => opened(request.result);
        });
        for (const store of database.objectStoreNames) {
          const values = await new Promise<unknown[]>((read) => {
            const request = database.transaction(store).objectStore(store).getAll();
            request.onsuccess = () => read(request.result);
          });
          keys.push(...values.filter((one) => one instanceof CryptoKey));
        }
        database.close();
      }
      return Promise.all(
        keys.map((key) =>
          crypto.subtle.exportKey('raw', key).then(
            () => 'read',
            (error: DOMException) => error.name,
          ),
        ),
      );
    });
    // One for each destination, and the one under which tokens are remembered.
    expect(tried).toEqual(['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError']);
  });

  it('a script of ours in a page reads no storage (STO-04)', async () => {
    const { browser } = paired;
    const target = await startTarget(true);
    const tab = await browser.newTab();
    await tab.goto(target.url);
    const read = await browser.options.evaluate(async () => {
      const [found] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' });
      const [{ result } = { result: undefined }] = await chrome.scripting.executeScript({
        target: { tabId: found?.id ?? -1 },
        func: () =>
          Promise.all(
            [chrome.storage.local, chrome.storage.session].map((area) =>
              area.get(null).then(
                () => 'read',
                (error) => String(error),
              ),
            ),
          ),
      });
      return result;
    });
    expect(read).toEqual([expect.stringMatching(/not allowed/), expect.stringMatching(/not allowed/)]);
    await tab.close();
    await target.close();
  });

  it('the database is gone: the accounts are missed and not taken for never there (STO-06)', async () => {
    const { browser } = paired;
    await browser.options.evaluate(async () => {
      const deleted = (await indexedDB.databases()).map(
        ({ name = '' }) =>
          new Promise((done) => {
            indexedDB.deleteDatabase(name).onsuccess = done;
          }),
      );
      Object.assign(globalThis, { deleted: Promise.all(deleted) });
    });
    // It goes once the background that holds it has gone.
    await browser.killWorker();
    await browser.options.evaluate('globalThis.deleted');
    await browser.send({ type: 'refresh' });
    await until(browser.overview, (shown) => shown?.store.isLost === true);
    const popup = await browser.popup();
    await until(popup.text, (text) =>
      text.includes('has lost the settings of this extension. Pair your accounts again'),
    );
    await popup.close();
    await expect.poll(() => browser.options.evaluate(() => chrome.action.getTitle({}))).toContain('Pair again');
    expect(await browser.options.innerText('[data-store=lost]')).toContain('Pair your accounts again');
    // Said until the person knows it.
    await browser.options.click('[data-store=lost] button');
    await until(browser.overview, (shown) => shown?.store.isLost === false);
  });

  async function fullDisk(): Promise<() => Promise<void>> {
    const origin = new URL(paired.browser.url('')).origin.replace(/^null$/, paired.browser.url('').slice(0, -1));
    await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    // Chromium believes for up to half a minute what it last knew of the room there is.
    await until(canWrite, (can) => !can);
    return async () => {
      await cdp.send('Storage.overrideQuotaForOrigin', { origin });
      await until(canWrite, (can) => can);
    };
  }

  /** Whether a database of the extension, though not the product’s own, takes a record. */
  function canWrite(): Promise<boolean> {
    return paired.browser.options.evaluate(
      () =>
        new Promise<boolean>((done) => {
          const opening = indexedDB.open('filler');
          opening.onerror = () => done(false);
          opening.onupgradeneeded = () => opening.result.createObjectStore('filler');
          opening.onsuccess = () => {
            const writing = opening.result.transaction('filler', 'readwrite');
            writing.objectStore('filler').put('x'.repeat(1_000), 'filler');
            const end = (isWritten: boolean) => {
              opening.result.close();
              done(isWritten);
            };
            writing.oncomplete = () => end(true);
            writing.onabort = () => end(false);
          };
        }),
    );
  }

  async function fullMemory(): Promise<() => Promise<void>> {
    await paired.browser.options.evaluate(async () => {
      for (let size = 1 << 20, count = 0; size >= 64; count += 1)
        await chrome.storage.session.set({ [`filler${count}`]: 'x'.repeat(size) }).catch(() => {
          size >>= 1;
        });
    });
    return () =>
      paired.browser.options.evaluate(async () => {
        const keys = Object.keys(await chrome.storage.session.get(null));
        await chrome.storage.session.remove(keys.filter((key) => key.startsWith('filler')));
      });
  }
});
