import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import { Ask, Login } from '../../../utils/domain/capture/capture.ts';
import { KITE_TOKEN, login, NOW } from '../../support/samples/samples.ts';

const ask: Ask = {
  id: 'ask00001',
  account: 'account1',
  token: KITE_TOKEN,
  why: 'pasted',
  place: 'http://127.0.0.1/',
  at: NOW,
  expiresAt: NOW + 120_000,
};

/** A record whose word were forgotten would be put aside as damaged, and its login lost. */
describe('what capture keeps is read again as it was written', () => {
  it.each<Ask['why']>([
    'pasted',
    'not-started-here',
    'state-missing',
    'page-only',
    'followed-link',
    'elsewhere',
    'no-scheme',
  ])('a question: %s', (why) => expect(check(Ask, { ...ask, why })).toEqual({ ok: true, value: { ...ask, why } }));

  it.each<Login['by']>(['us', 'hand'])('a login begun by %s', (by) =>
    expect(check(Login, { ...login(), by })).toEqual({ ok: true, value: { ...login(), by } }),
  );
});
