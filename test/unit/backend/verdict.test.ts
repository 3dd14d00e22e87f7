import { describe, expect, it } from 'vitest';
import { type Verdict, verdictOf } from '../../../backend/src/brokers/verdict.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { ist } from '../../support/samples/samples.ts';

// Public reports: Breeze-Python-SDK #96, #106, #175, #210; kite.trade forum, a user's log of September 2026.
const NOON = '12:00';
const breeze = (text: string) => ({ Success: null, Status: 500, Error: text });
const kite = (error_type: string, message: string) => ({ status: 'error', message, error_type });
const NOT_PERMITTED = kite('PermissionException', 'Insufficient permission for that call.');

describe('what a failed call says of the session', () => {
  it.each<[verdict: Verdict, broker: BrokerId, time: string, body: unknown]>([
    ['doubtful', 'icici', NOON, breeze('Resource not available.')],
    ['ended', 'icici', NOON, breeze('Invalid session.')],
    ['ended', 'icici', NOON, breeze('Session key is expired.')],
    ['nothing', 'icici', NOON, breeze('Limit exceed: API call per minute:')],
    ['nothing', 'icici', NOON, breeze('Public Key does not exist.')],
    ['nothing', 'icici', NOON, breeze('Resource not available for order 7.')],
    ['nothing', 'icici', NOON, null],
    ['ended', 'zerodha', NOON, kite('TokenException', 'Incorrect `api_key` or `access_token`.')],
    ['ended', 'zerodha', '05:30', kite('TokenException', 'Incorrect `api_key` or `access_token`.')],
    ['nothing', 'zerodha', '04:59', NOT_PERMITTED],
    ['doubtful', 'zerodha', '05:20', NOT_PERMITTED],
    ['doubtful', 'zerodha', '07:49', NOT_PERMITTED],
    ['nothing', 'zerodha', '08:00', NOT_PERMITTED],
    ['nothing', 'zerodha', NOON, NOT_PERMITTED],
    ['nothing', 'zerodha', '06:00', kite('NetworkException', 'Gateway timed out.')],
  ])('%s: %s at %s, %j', (verdict, broker, time, body) =>
    expect(verdictOf(broker, { status: 403, body }, ist(`2026-11-20 ${time}`))).toBe(verdict),
  );

  it.each<[verdict: Verdict, broker: BrokerId, status: number, body: unknown]>([
    ['ended', 'paytm', 401, { errors: [{ message: 'Unauthorized' }] }],
    ['ended', 'paytm', 401, {}],
    ['nothing', 'paytm', 401, null],
    ['nothing', 'paytm', 403, { errors: [{ message: 'Forbidden' }] }],
    ['nothing', 'paytm', 400, { errors: [{ message: 'Invalid request token' }] }],
    ['nothing', 'upstox', 401, {}],
  ])('%s: %s with %i, %j', (verdict, broker, status, body) =>
    expect(verdictOf(broker, { status, body }, ist(`2026-11-20 ${NOON}`))).toBe(verdict),
  );
});
