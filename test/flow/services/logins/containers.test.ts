import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLoginBehind } from '../../../../utils/services/logins/logins.ts';
import { readAll } from '../../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../../support/backend/destination.ts';
import { cleanUp, command, pair, redirect, shownAccount } from '../../../support/browsers/extension.ts';
import { containers } from '../../../support/fake-browser.ts';
import { KITE_TOKEN } from '../../../support/samples/samples.ts';

const SPOUSE = 'firefox-container-6';
const SHOP = 'firefox-container-4';

let backend: TestDestination;
let account = '';
beforeEach(async () => {
  backend = await openDestination();
  account = await pair(backend);
  for (const one of [SPOUSE, SHOP]) containers.add(one);
  await chrome.permissions.request({ permissions: ['cookies'] });
});
afterEach(async () => {
  await cleanUp();
  await chrome.permissions.remove({ permissions: ['cookies'] });
  containers.clear();
  await backend.close();
});

/** Puts a tab in front, in this container or in none. */
const inFront = (container?: string) =>
  chrome.tabs.create({ url: 'https://example.in/', active: true, cookieStoreId: container } as object);
const newest = async () => (await chrome.tabs.query({})).at(-1) as { id: number; url: string; cookieStoreId?: string };
/** The container that a login opens in. */
const opensIn = async () => {
  await command({ type: 'log-in', account });
  return (await newest()).cookieStoreId ?? null;
};
const remembered = async () => (await readAll()).accounts.find(({ id }) => id === account)?.container ?? null;

describe('the container of a login (CAP-16)', () => {
  it('is that of the tab in front, else that of the last login, until the person leaves it', async () => {
    await inFront();
    expect(await opensIn()).toBe(null);
    await inFront(SPOUSE);
    expect(await opensIn()).toBe(SPOUSE);
    await inFront();
    expect(await opensIn()).toBe(SPOUSE);
    await inFront(SHOP);
    expect(await opensIn()).toBe(SHOP);
    await command({ type: 'leave-container', account });
    await inFront();
    expect(await opensIn()).toBe(null);
  });

  it('without the permission there is none, as in a browser without containers', async () => {
    await inFront(SPOUSE);
    await chrome.permissions.remove({ permissions: ['cookies'] });
    expect(await opensIn()).toBe(null);
    expect(await remembered()).toBe(null);
  });

  it('a permission that was taken back ends it: the last login was in none then', async () => {
    await inFront(SPOUSE);
    await opensIn();
    await chrome.permissions.remove({ permissions: ['cookies'] });
    expect(await opensIn()).toBe(null);
    await chrome.permissions.request({ permissions: ['cookies'] });
    await inFront();
    expect(await opensIn()).toBe(null);
  });

  it('one that was removed is forgotten, and the login opens in none', async () => {
    await inFront(SPOUSE);
    expect(await opensIn()).toBe(SPOUSE);
    containers.delete(SPOUSE);
    await inFront();
    expect(await opensIn()).toBe(null);
    expect(await remembered()).toBe(null);
  });

  it('a login that begins by itself opens where the last one did, whatever is in front', async () => {
    await inFront(SPOUSE);
    await opensIn();
    await inFront(SHOP);
    const one = (await readAll()).accounts.find(({ id }) => id === account);
    if (one) await openLoginBehind(one);
    expect((await newest()).cookieStoreId).toBe(SPOUSE);
    expect(await remembered()).toBe(SPOUSE);
  });

  it('another account’s login in front, or a page of ours, is no place that the person chose', async () => {
    const other = await pair(backend, { account: 'spouse' });
    await inFront(SPOUSE);
    await command({ type: 'log-in', account: other });
    expect((await newest()).cookieStoreId).toBe(SPOUSE);
    expect(await opensIn()).toBe(null);
    await chrome.tabs.create({
      url: chrome.runtime.getURL('captured.html'),
      active: true,
      cookieStoreId: SPOUSE,
    } as object);
    expect(await opensIn()).toBe(null);
    await inFront(SHOP);
    expect(await opensIn()).toBe(SHOP);
  });

  it('a log-out is one of the same container', async () => {
    await inFront(SPOUSE);
    await command({ type: 'log-out', account });
    expect(await newest()).toMatchObject({ url: 'https://kite.zerodha.com/logout', cookieStoreId: SPOUSE });
  });

  it('settings that are saved, paired or taken in again keep it; a settings file does not have it', async () => {
    await inFront(SPOUSE);
    await opensIn();
    const { text = '' } = await command({ type: 'export' });
    expect(text).not.toContain('container');
    await pair(backend);
    expect(await remembered()).toBe(SPOUSE);
    const { preview } = await command({ type: 'preview-import', text });
    await command({ type: 'import', text, stamp: preview?.stamp ?? '' });
    expect(await remembered()).toBe(SPOUSE);
  });

  it('the token of a login in a container is delivered as any other', async () => {
    await inFront(SPOUSE);
    await opensIn();
    const { id, url } = await newest();
    const extra = new URLSearchParams(new URL(url).searchParams.get('redirect_params') ?? '');
    const { settings } = await shownAccount(account, () => true);
    const query = new URLSearchParams({ request_token: KITE_TOKEN, ob_state: extra.get('ob_state') ?? '' });
    await redirect(id, `${settings.redirectUrl}?${query}`);
    await shownAccount(
      account,
      ({ links }) => links?.some(({ name, state }) => name === 'delivered' && state === 'done') ?? false,
    );
  });
});
