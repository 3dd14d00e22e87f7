import { describe, expect, it } from 'vitest';
import type { Login } from '../../../utils/domain/capture/capture.ts';
import {
  isLogOutDone,
  LAST_STEP_MS,
  LOG_OUT_MS,
  LOGIN_TAKES_MS,
  onPage,
  stuckOf,
  stuckTime,
} from '../../../utils/domain/capture/stuck.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { login, NOW } from '../../support/samples/samples.ts';

type Page = NonNullable<Login['page']>['is'];
const shows = (is: Page, since = 0): NonNullable<Login['page']> => ({ is, at: NOW - since });

describe('a login that ends on the broker’s own page is told by address, status and time (CAP-14)', () => {
  it.each<[what: string, url: string, status: number, is: Page | null]>([
    ['a page of the login', 'https://kite.zerodha.com/connect/login?v=3&sess_id=S', 200, 'usual'],
    ['a page of the login with an error', 'https://kite.zerodha.com/connect/login', 400, 'usual'],
    ['the last step without a redirect', 'https://kite.zerodha.com/connect/finish?sess_id=S', 200, 'last'],
    ['the last step with an error', 'https://kite.zerodha.com/connect/finish?sess_id=S', 400, 'refused'],
    ['the last step of another host', 'https://kite.zerodha.com.evil.example/connect/finish', 400, null],
    ['another broker’s page', 'https://api.icicidirect.com/apiuser/login', 200, null],
    ['no address', 'nonsense', 200, null],
  ])('%s', (_, url, status, is) => {
    const seen = onPage(login(), brokers.zerodha, { url, status }, NOW);
    expect(seen?.page ?? null).toEqual(is && { is, at: NOW });
  });

  it('no last step is known of a broker whose file names none', () => {
    const url = 'https://api.icicidirect.com/connect/finish';
    expect(onPage(login(), brokers.icici, { url, status: 400 }, NOW)?.page?.is).toBe('usual');
  });

  it.each<[what: string, change: Partial<Login>, stuck: ReturnType<typeof stuckOf>]>([
    ['nothing seen yet', {}, null],
    ['refused at the last step', { page: shows('refused') }, 'last-step'],
    ['refused at the last step, begun by hand', { by: 'hand', page: shows('refused') }, 'last-step'],
    ['at the last step, which may lead on yet', { page: shows('last', LAST_STEP_MS - 1) }, null],
    ['at the last step, which leads nowhere', { page: shows('last', LAST_STEP_MS) }, 'last-step'],
    ['while a login takes', { at: NOW - LOGIN_TAKES_MS + 1, page: shows('usual', LOGIN_TAKES_MS - 2) }, null],
    ['longer than a login takes', { at: NOW - LOGIN_TAKES_MS, page: shows('usual') }, 'too-long'],
    ['long on pages of a login by hand', { by: 'hand', at: NOW - LOGIN_TAKES_MS, page: shows('usual') }, null],
    [
      'on the log-out page',
      { at: NOW - LOGIN_TAKES_MS, page: shows('usual'), next: 'https://kite.zerodha.com/' },
      null,
    ],
    ['seen by a clock that was set back since', { page: shows('refused', -LOGIN_TAKES_MS) }, null],
  ])('%s', (_, change, stuck) => {
    expect(stuckOf(login(change), NOW)).toBe(stuck);
  });

  it.each<Page>(['usual', 'last', 'refused'])(
    'the background is woken when a login on a page that is %s is stuck',
    (is) => {
      const stays = login({ at: NOW, page: shows(is) });
      const [at = Number.NaN] = stuckTime(stays);
      expect([stuckOf(stays, at - 1), stuckOf(stays, at) !== null]).toEqual([null, true]);
    },
  );

  it('a tab goes on from the log-out page after a while, also where the clock was set back', () => {
    const next = 'https://kite.zerodha.com/connect/login';
    const at = (since: number) => isLogOutDone(login({ next, page: shows('usual', since) }), NOW);
    expect([at(0), at(LOG_OUT_MS - 1), at(LOG_OUT_MS), at(-LOG_OUT_MS)]).toEqual([false, false, true, true]);
    expect(isLogOutDone(login({ page: shows('usual', LOG_OUT_MS) }), NOW)).toBe(false);
    expect(isLogOutDone(login({ next }), NOW)).toBe(false);
  });
});
