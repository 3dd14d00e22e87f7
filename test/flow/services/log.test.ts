import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRecord } from '../../../utils/platform/storage/database.ts';
import { permissionsChanged } from '../../../utils/services/inbound/permissions.ts';
import { updateWhenIdle } from '../../../utils/services/inbound/update.ts';
import { readLog } from '../../../utils/services/store/log.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, logInWith, pair, pause, redirect, shownAccount } from '../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../support/samples/samples.ts';

let backend: TestDestination;
beforeEach(async () => {
  await keepRecord('log', undefined);
  backend = await openDestination();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cleanUp();
  await backend.close();
});

describe('the log', () => {
  it('tells a login from the button to the backend’s word, with no word of anybody’s', async () => {
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    const told = (await readLog()).filter(({ event }) => event !== 'check');
    expect(told).toMatchObject([
      { event: 'changed', account, what: 'paired' },
      { event: 'changed', account, what: 'clock' },
      { event: 'login-opened', account, by: 'person' },
      { event: 'redirect', account, verdict: 'captured', sealed: true },
      { event: 'delivery', account, outcome: 'applied' },
      { event: 'history', account, kind: 'login' },
      { event: 'history', account, kind: 'session' },
    ]);
    expect(JSON.stringify(await readLog())).not.toContain(KITE_TOKEN);
  });

  it('tells what was asked, and answered', async () => {
    const account = await pair(backend);
    await redirect(5, `http://127.0.0.1:8000/?request_token=${KITE_TOKEN}`);
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    await command({ type: 'discard', ask: ask?.id ?? '' });
    expect(await readLog()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ event: 'redirect', verdict: 'asked' }),
        expect.objectContaining({ event: 'answered', yes: false }),
      ]),
    );
  });

  it('tells a permission that changed', async () => {
    await permissionsChanged();
    expect((await readLog()).at(-1)).toMatchObject({ event: 'permissions' });
  });

  it('is part of the diagnostics', async () => {
    await pair(backend);
    const { text } = await command({ type: 'diagnose' });
    expect(text).toContain('Opening Bell 0.1.0');
    expect(text).toContain('what=paired');
  });
});

describe('an update of the extension', () => {
  it('waits for what is being sent (UPD-03)', async () => {
    const reload = vi.spyOn(chrome.runtime, 'reload').mockImplementation(() => {});
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const answer = Promise.withResolvers<void>();
    backend.answerTokens(async (_, usual) => {
      await answer.promise;
      return usual();
    });
    await logInWith(account, KITE_TOKEN);
    const updated = updateWhenIdle();
    await pause(700);
    expect(reload).not.toHaveBeenCalled();
    answer.resolve();
    await updated;
    expect(reload).toHaveBeenCalledOnce();
    expect(backend.tokens()).toHaveLength(1);
    expect((await readLog()).at(-1)).toMatchObject({ event: 'update', waited: true });
  });

  it('comes at once when nothing is', async () => {
    const reload = vi.spyOn(chrome.runtime, 'reload').mockImplementation(() => {});
    await updateWhenIdle();
    expect(reload).toHaveBeenCalledOnce();
  });
});
