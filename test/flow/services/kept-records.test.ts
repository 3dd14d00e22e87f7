import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Kind, wrap } from '../../../utils/domain/base/records.ts';
import { writeRecord } from '../../../utils/platform/storage/database.ts';
import { keepKey } from '../../../utils/platform/storage/keys.ts';
import { readHistories } from '../../../utils/services/pulse/history.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { exportSettings, previewImport } from '../../../utils/services/settings/settings-file.ts';
import { readPreferences, readReminders } from '../../../utils/services/store/clock-store.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { readSecret } from '../../../utils/services/store/store.ts';
import { brokerOrigins, brokers } from '../../../utils/shared/brokers/index.ts';
import { hostPattern } from '../../../utils/shared/urls.ts';
import fixture from '../../fixtures/records-several-destinations.json' with { type: 'json' };
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, expectGone, logInWith, shownAccount } from '../../support/browsers/extension.ts';
import { BREEZE_TOKEN } from '../../support/samples/samples.ts';
import { HANGS_MS } from '../../support/until.ts';

/*
 * The disk of an install with two accounts, one of them with two further destinations, as an update finds it: a token was
 * under way to each of the three, and the update emptied the memory that held it. The fixture is never changed.
 */

let first: TestDestination;
let second: TestDestination;
let third: TestDestination;
const all = () => [first, second, third];
const PAUSED = 'account1';
const FAMILY = 'account2';

beforeEach(async () => {
  first = await openDestination();
  second = await openDestination();
  third = await openDestination();
  await restoreDisk();
});
afterEach(async () => {
  await cleanUp();
  for (const one of all()) await one.close();
});

/** Puts the fixture on the disk, with the addresses of this run's servers, and the keys that a file cannot hold. */
async function restoreDisk(): Promise<void> {
  const places = [8782, 8783, 8784].map((port) => [`http://127.0.0.1:${port}/`, port] as const);
  const moved = (json: string) =>
    places.reduce((text, [from], at) => text.replace(from, `${new URL(all()[at]?.url ?? '').origin}/`), json);
  for (const [key, { version, json }] of Object.entries(fixture)) {
    const steps: Kind['migrations'] = new Array(version - 1).fill((data: Record<string, unknown>) => data);
    await writeRecord(key, wrap({ migrations: steps }, JSON.parse(moved(json))));
  }
  await keepKey('destination2', secretOf(first));
  await keepKey('destination3', secretOf(second));
  const hosts = ['zerodha', 'icici'] as const;
  const origins = [...all().map(({ url }) => url), ...hosts.flatMap((id) => brokerOrigins(brokers[id]))];
  await chrome.permissions.request({ origins: [...origins, 'http://127.0.0.1:8000/'].map(hostPattern) });
  await pulse();
}

const secretOf = ({ secret }: TestDestination) => new Uint8Array(Buffer.from(secret.slice('whsec_'.length), 'base64'));
const family = () => shownAccount(FAMILY, () => true);
const originOf = (url = '') => new URL(url).origin;

describe('an install of before, after an update', () => {
  it('shows its two accounts, and every destination with what it knew', async () => {
    const shown = await readOverview();
    expect(shown?.accounts.map(({ name, settings }) => [name, settings.paused])).toEqual([
      ['main', true],
      ['family', false],
    ]);
    expect(shown?.store).toEqual({ damaged: [], isLost: false, isFull: false });
    expect(shown?.dashboards.map(({ settings }) => [settings.origin, settings.account])).toEqual([
      ['http://127.0.0.1:9000', FAMILY],
    ]);
    const { destination, further } = await family();
    const urls = [destination, ...further.map((one) => one.destination)].map((one) => one?.url);
    expect(urls.map(originOf)).toEqual(all().map(({ url }) => originOf(url)));
    expect((await shownAccount(PAUSED, () => true)).user).toBe('AB****');
  });

  it('says of every token that was under way that it is lost, and sends none', async () => {
    const { advice, further } = await shownAccount(FAMILY, ({ links }) => links !== null);
    expect([advice, ...further.map((one) => one.advice)].map((one) => one?.mend)).toEqual([
      'log-in',
      'log-in',
      'log-in',
    ]);
    expect(all().flatMap(({ tokens }) => tokens())).toEqual([]);
  });

  it('sends the next token to each destination once, under the pairing of each', async () => {
    await logInWith(FAMILY, BREEZE_TOKEN, 'icici');
    for (const one of [first, second]) await expect.poll(() => one.tokens().length, { timeout: HANGS_MS }).toBe(1);
    await expect.poll(() => third.received.length, { timeout: HANGS_MS }).toBe(1);
    await shownAccount(FAMILY, ({ status, further }) => status === 'live' && further[0]?.status === 'live');
    await expectGone(BREEZE_TOKEN);
    await pulse();
    expect([first, second].map(({ tokens }) => tokens().map(({ isSigned }) => isSigned))).toEqual([[true], [true]]);
    expect(third.received.map(({ headers, body }) => [headers['x-key'], JSON.parse(body)])).toEqual([
      ['a header value', { desk: 'two', token: BREEZE_TOKEN }],
    ]);
  });

  it('keeps its history, its reminders, its preferences and its secrets', async () => {
    const [ofPaused, ofFamily] = await readHistories([PAUSED, FAMILY]);
    expect(ofPaused?.entries.map(({ kind }) => kind)).toContain('login');
    expect(ofFamily?.entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['outage', 'failed-login']));
    expect((await readReminders(PAUSED)).mutedOn).toBe('2025-11-20');
    expect(await readPreferences()).toMatchObject({ notify: true, morning: { hour: 8, minute: 30 }, quiet: null });
    expect(await readSecret('destination4')).toBe('a header value');
  });

  it('exports one entry an account, and reads that file back without a change', async () => {
    const text = await exportSettings();
    const { accounts } = JSON.parse(text) as { accounts: { name: string; destinations: { url: string }[] }[] };
    expect(accounts.map(({ name, destinations }) => [name, destinations.length])).toEqual([
      ['main', 1],
      ['family', 3],
    ]);
    const preview = await previewImport(text);
    const changes = preview.ok ? preview.value.changes : [];
    expect(new Set(changes.map(({ is }) => is))).toEqual(new Set(['unchanged']));
  });

  it('forgets an account with all that it had, and nothing of the other', async () => {
    await command({ type: 'forget', account: FAMILY });
    const shown = await readOverview();
    expect(shown?.accounts.map(({ name }) => name)).toEqual(['main']);
    expect(await readSecret('destination4')).toBe('');
    expect((await readHistories([PAUSED]))[0]?.entries).not.toEqual([]);
  });
});
