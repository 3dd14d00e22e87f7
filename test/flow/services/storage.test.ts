import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wrap } from '../../../utils/domain/base/records.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import { readRecord, removeRecord, writeRecord } from '../../../utils/platform/storage/database.ts';
import { removeAllEntries } from '../../../utils/platform/storage/memory.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  expectGone,
  knownOf,
  logInWith,
  pair,
  redirect,
  shownAccount,
} from '../../support/browsers/extension.ts';
import { KITE_TOKEN, account as sampleAccount } from '../../support/samples/samples.ts';

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cleanUp();
  await command({ type: 'accept-loss' });
  await backend.close();
});

const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
const shownStore = async () => {
  await pulse();
  return (await readOverview())?.store;
};
/** The browser's own write fails, as on a full disk. */
const fillDisk = () =>
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });

describe('a full browser', () => {
  it('captures and delivers all the same when its memory for tokens is full', async () => {
    const account = await pair(backend);
    const { session } = chrome.storage;
    const write = session.set.bind(session);
    vi.spyOn(session, 'set').mockImplementation((items: Record<string, unknown>) =>
      'overview' in items ? write(items) : full(),
    );
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => backend.tokens().length).toBe(1);
    await expectGone(KITE_TOKEN);
    expect(backend.tokens()).toHaveLength(1);
  });

  it('captures and delivers all the same when its disk is full, and says so', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const disk = fillDisk();
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    expect(await shownStore()).toMatchObject({ isFull: true });
    expect(backend.tokens()).toHaveLength(1);
    disk.mockRestore();
    expect(await shownStore()).toMatchObject({ isFull: false });
  });

  it('says which settings it could not keep', async () => {
    fillDisk();
    const reply = await obey({ type: 'save-account', id: null, form: form('other') });
    expect(reply).toMatchObject({ ok: false, problems: [{ field: 'storage' }] });
    expect((await readAll()).accounts).toEqual([]);
  });
});

describe('a browser that lost the database', () => {
  it('says so, and never looks like a new install', async () => {
    const account = await pair(backend);
    expect(await shownStore()).toMatchObject({ isLost: false });
    await chrome.storage.local.set({ accounts: 2 });
    expect(await shownStore()).toMatchObject({ isLost: true });
    expect(await chrome.action.getBadgeText({})).toBe('✕');
    await pair(backend, { account: 'second' });
    expect(await shownStore()).toMatchObject({ isLost: false });
    await command({ type: 'forget', account });
    expect(await shownStore()).toMatchObject({ isLost: false });
  });

  it('is believed by a person who wants to start anew', async () => {
    await chrome.storage.local.set({ accounts: 1 });
    expect(await shownStore()).toMatchObject({ isLost: true });
    await command({ type: 'accept-loss' });
    expect(await shownStore()).toMatchObject({ isLost: false });
  });

  it('with a token in it says: log in again', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    backend.answerTokens(() => 'drop');
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ links }) => links?.[1]?.note === 'trying_again');
    // What a browser restart leaves: the disk, and nothing of its memory.
    await removeAllEntries();
    await pulse();
    const view = await shownAccount(account, ({ advice }) => advice?.mend === 'log-in');
    expect(view.advice?.says).toContain('restarted');
    await pulse();
    expect((await knownOf(account))?.pending).toBeNull();
  });
});

describe('records of a newer version', () => {
  const later = { migrations: [...STORED.facts.migrations, (data: Record<string, unknown>) => data] };

  it('are shown, and neither read, written over nor removed; their account rests', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const key = `facts:${(await knownOf(account))?.destination}`;
    const newer = wrap(later, { more: 1 });
    await writeRecord(key, newer);
    expect(await shownStore()).toMatchObject({ damaged: [{ key, isNewer: true }], isLost: false });
    const checks = backend.received.length;
    expect(await redirect(1, `http://127.0.0.1:8000/?request_token=${KITE_TOKEN}`)).toEqual({ seal: false });
    await pulse();
    expect(backend.received).toHaveLength(checks);
    expect(await readRecord(key)).toEqual(newer);
    expect(await obey({ type: 'drop-damaged', key })).toMatchObject({ ok: false });
    await removeRecord(key);
  });
});

function form(name: string) {
  const { broker, apiKey, redirectUrl, mode, expectedUser } = sampleAccount();
  return { broker, name, apiKey, redirectUrl, mode, expectedUser };
}
