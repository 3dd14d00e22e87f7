import { describe, expect, it } from 'vitest';
import { type HttpResult, readConsent, readSignedAnswer } from '../../../utils/domain/delivery/answers.ts';
import { DELIVERY_ID, iso, NOW, sessionReport } from '../../support/samples/samples.ts';

const sent = { id: DELIVERY_ID, sentAt: NOW - 40, at: NOW };
const answered = (body: object, status = 200): HttpResult => ({
  kind: 'response',
  status,
  headers: {},
  body: JSON.stringify(body),
});
const CONSENT = { type: 'session.consented', id: DELIVERY_ID, consent: 'made-1', server_time: iso(NOW) };

describe('the answer to a request for a consent', () => {
  it('is the consent where it is signed and names the request', () =>
    expect(readConsent(answered(CONSENT), sent, true)).toEqual({ kind: 'consented', consent: 'made-1' }));

  it.each<[code: string, result: HttpResult, isSigned: boolean]>([
    ['wrong_signature', answered(CONSENT), false],
    ['other_id', answered({ ...CONSENT, id: 'ob_other' }), true],
    ['not_contract', answered({ ...CONSENT, consent: 'with spaces' }), true],
    ['not_contract', answered(sessionReport({ id: DELIVERY_ID })), true],
    [
      'unavailable',
      answered({ type: 'session.refused', id: DELIVERY_ID, reason: 'unavailable', server_time: iso(NOW) }, 503),
      true,
    ],
    ['timeout', { kind: 'timeout' }, true],
  ])('is trouble, %s: %j, signed %s', (code, result, isSigned) =>
    expect(readConsent(result, sent, isSigned)).toMatchObject({ kind: 'trouble', trouble: { code, at: NOW } }),
  );

  it('is no answer to a delivery', () =>
    expect(readSignedAnswer(answered(CONSENT), sent, true)).toMatchObject({ trouble: { code: 'not_contract' } }));

  it.each([199, 300])('counts as little with status %i as any', (status) =>
    expect(readSignedAnswer(answered(sessionReport({ id: DELIVERY_ID }), status), sent, true)).toMatchObject({
      trouble: { code: 'not_contract', status },
    }),
  );

  it.each([200, 299])('counts with status %i', (status) =>
    expect(readSignedAnswer(answered(sessionReport({ id: DELIVERY_ID }), status), sent, true).kind).toBe('reported'),
  );
});
