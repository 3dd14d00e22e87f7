import { describe, expect, it } from 'vitest';
import { whyNoOpenAlgo } from '../../../utils/domain/accounts/known-systems.ts';
import {
  type AppSession,
  callbackSays,
  hasLivingFunds,
  readAppSession,
} from '../../../utils/domain/delivery/openalgo.ts';

// 2026-08, by the source of OpenAlgo.
describe('what OpenAlgo says of its own session', () => {
  it.each<[says: AppSession | null, body: unknown]>([
    [{ is: 'no-login' }, { authenticated: false }],
    [{ is: 'no-broker' }, { authenticated: true, logged_in: false }],
    [
      { is: 'connected', apiKey: 'k' },
      { authenticated: true, logged_in: true, user: 'u', broker: 'b', api_key: 'k' },
    ],
    [
      { is: 'connected', apiKey: 'k' },
      { logged_in: true, api_key: 'k' },
    ],
    [
      { is: 'connected', apiKey: null },
      { logged_in: true, api_key: null },
    ],
    [{ is: 'ended' }, { logged_in: true, broker_session_expired: true, api_key: 'k' }],
    [null, {}],
    [null, undefined],
    [null, 'authenticated'],
    [null, { authenticated: 'yes' }],
    [null, [{ authenticated: true }]],
  ])('%j of %j', (says, body) => expect(readAppSession(body)).toEqual(says));
});

describe('the funds', () => {
  it.each<[isAlive: boolean, what: string, body: unknown]>([
    [true, 'an amount', { status: 'success', data: { availablecash: '12.50', collateral: '0.00' } }],
    [true, 'a debt', { status: 'success', data: { availablecash: '-12.50' } }],
    [true, 'a number', { status: 'success', data: { availablecash: 12.5 } }],
    [false, 'nothing, as of a session that is dead at the broker', { status: 'success', data: {} }],
    [false, 'zeros, as of a dead session at some brokers', { data: { availablecash: '0.00', collateral: '0.00' } }],
    [false, 'the sandbox’s', { mode: 'analyze', data: { availablecash: '12.50' } }],
    [false, 'no amount at all', { data: { availablecash: 'none', name: 'x' } }],
    [false, 'a pong', { status: 'success', data: { broker: 'zerodha', message: 'pong' } }],
    [false, 'a list', { data: [12.5] }],
    [false, 'an error', { status: 'error', message: 'Invalid openalgo apikey' }],
    [false, 'no JSON', undefined],
  ])('%s: %s', (isAlive, _what, body) => expect(hasLivingFunds(body)).toBe(isAlive));
});

it.each([
  [null, '/dashboard', 302],
  ['failed', '/auth/broker', 302],
  ['failed', '/broker', 302],
  ['no_login', '/auth/login', 302],
  ['no_login', '/login', 302],
  [null, '/elsewhere', 302],
  [null, undefined, 200],
  ['failed', undefined, 429],
  ['failed', undefined, 500],
  [null, undefined, undefined],
] as const)('its callback says %s by %s, %s', (says, leadsTo, status) =>
  expect(callbackSays(leadsTo, status)).toBe(says),
);

it.each([
  [null, { broker: 'zerodha', mode: 'observe' }],
  ['problem_app_mode', { broker: 'zerodha', mode: 'seal' }],
  ['problem_app_mode', { broker: 'upstox', mode: 'forward' }],
  ['problem_app_broker', { broker: 'icici', mode: 'observe' }],
] as const)('%s forbids it to an account: %j', (why, account) => expect(whyNoOpenAlgo(account)).toBe(why));
