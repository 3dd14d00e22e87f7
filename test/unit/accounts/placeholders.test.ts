import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledFor, PRESETS } from '../../../utils/domain/accounts/known-systems.ts';
import { leaveOut } from '../../../utils/domain/accounts/left-out.ts';
import { isLeftOut } from '../../../utils/domain/accounts/placeholders.ts';
import { DestinationForm, formOf } from '../../../utils/domain/accounts/settings.ts';
import { check } from '../../../utils/domain/base/check.ts';
import { plain, SECRET, signed } from '../../support/samples/samples.ts';

const PLACE = 'https://trade.example.in/hook';
const form = { ...formOf(plain({ further: true, unconfirmed: true })), url: PLACE };
const signedForm = { kind: 'signed', url: PLACE, secret: SECRET };
const problemsOf = (whole: object) => {
  const checked = check(DestinationForm, whole);
  return checked.ok ? [] : checked.problems.map(({ field }) => field);
};

describe('a destination in a settings file', () => {
  it.each([
    ['', ''],
    ['?', '?'],
    ['?key=abc', '?key=***'],
    ['?key=abc&mode=1', '?key=***&mode=***'],
    ['?key=a=b', '?key=***'],
    ['?key=%26%3D', '?key=***'],
    ['?key=', '?***'],
    ['?c2VjcmV0', '?***'],
    ['?c2VjcmV0MTI=', '?***'],
    ['?c2VjcmV0MQ==', '?***'],
    ['?=abc', '?***'],
    ['?key=abc?more', '?key=***'],
    ['?a=1&&b', '?a=***&&***'],
    ['?key=***', '?key=***'],
  ])('with %s behind its address has %s there', (query, left) => {
    const status = { kind: 'session-manager', url: `${PLACE}/status${query}` };
    const blanked = leaveOut({ url: PLACE + query, status });
    expect(blanked).toEqual({ url: PLACE + left, status: { ...status, url: `${PLACE}/status${left}` } });
    expect([isLeftOut({ url: blanked.url }), isLeftOut({ url: PLACE, status: blanked.status })]).toEqual([
      left.includes('***'),
      left.includes('***'),
    ]);
    expect(leaveOut(blanked)).toEqual(blanked);
  });

  it('never has the value of a query, whatever stands around it', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_.~%+*-]{0,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom('=', '==', '=/', '=?')), { maxLength: 4 }), (parts) => {
        const query = parts.map(([name, sign]) => `${name}${sign}SECRET`).join('&');
        expect(leaveOut({ url: `${PLACE}?${query}` }).url).not.toContain('SECRET');
      }),
      { numRuns: 500, seed: 9 },
    );
  });

  it('has of its constant fields what a known system always wants, and of any other the name', () => {
    const extra = { action: 'update', type: 'other', pass: 'hidden' };
    expect(leaveOut({ url: PLACE, extra }).extra).toEqual({ action: 'update', type: '***', pass: '***' });
  });

  it.each(PRESETS.map((preset) => [preset.id, filledFor(preset, PLACE)] as const))(
    'as %s is whole',
    (_, destination) => {
      expect(leaveOut(destination)).toEqual(destination);
      expect(isLeftOut(destination)).toBe(false);
    },
  );
});

describe('a destination that a person saves', () => {
  it.each([
    [form, []],
    [{ ...form, url: `${PLACE}?key=*` }, []],
    [{ ...form, url: `${PLACE}?key=***` }, ['url']],
    [{ ...form, status: { kind: 'session-manager', url: `${PLACE}?***` } }, ['status.url']],
    [{ ...form, extra: { pass: '***', action: 'update' } }, ['extra']],
    [signedForm, []],
    [{ ...signedForm, url: `${PLACE}?key=***` }, ['url']],
  ])('%#: %j is wrong in %j', (whole, fields) => expect(problemsOf(whole)).toEqual(fields));
});

describe('a stored destination that is opened in the form', () => {
  it.each([
    ['that came with a settings file', plain({ unconfirmed: true })],
    ['that is a further one', plain({ further: true })],
    ['with a pairing', signed({ further: true })],
  ])('can be saved once its secret is entered: one %s', (_what, one) => {
    expect(check(DestinationForm, { ...formOf(one), secret: SECRET })).toMatchObject({ ok: true });
  });
});
