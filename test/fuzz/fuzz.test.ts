import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRedirect } from '../../utils/domain/capture/redirect.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import { counted } from '../support/figures.ts';
import { misread, redirectCases } from './redirects.ts';
import { mistaken, settingsCases } from './settings.ts';

// `npm run soak` tries a million of each, with new seeds.
const RUNS = { redirects: 20_000, settings: 5_000 };

it('no redirect is accepted that is none, and none makes the reader throw (CAP-04)', { timeout: 60_000 }, () => {
  const property = fc.property(redirectCases, (one) => {
    expect(misread(one)).toBeNull();
  });
  fc.assert(property, { numRuns: RUNS.redirects, seed: 4 });
  counted('inputs fuzzed', RUNS.redirects);
});

it('no settings are taken that are not safe, and none make the checks throw', { timeout: 60_000 }, () => {
  const property = fc.property(settingsCases, (one) => {
    expect(mistaken(one)).toBeNull();
  });
  fc.assert(property, { numRuns: RUNS.settings, seed: 5 });
  counted('inputs fuzzed', RUNS.settings);
});

it('the inputs are not all refused', () => {
  const cases = fc.sample(redirectCases, { numRuns: 5_000, seed: 6 });
  const logins = cases.filter(
    ({ broker, registered, request }) => readRedirect(brokers[broker], registered, request).kind === 'login',
  );
  expect(logins.length).toBeGreaterThan(50);
});
