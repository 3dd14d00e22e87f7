import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SessionReport } from '../../../utils/shared/contract.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { createCaller } from '../../conformance/caller.ts';
import { GUIDES } from '../../peers/guides/list.ts';
import { followGuide, type Newcomer } from '../../peers/guides/newcomer.ts';
import { APPS } from '../../support/backend/practice.ts';
import { until } from '../../support/until.ts';

/** The same way as in test/e2e/browser/readme.test.ts, with the extension's messages in place of the extension. */
describe('a page of docs/, its blocks alone, to a live session and a retried request', () => {
  let brokers: PracticeBrokers;
  let newcomer: Newcomer | null = null;
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
  });
  afterEach(async () => {
    await newcomer?.stop();
    newcomer = null;
  });
  afterAll(() => brokers.close());

  // Next.js's is built, which takes long: the browser alone follows it.
  for (const guide of GUIDES.filter(({ page }) => page !== 'nextjs.md'))
    it.skipIf(guide.missing() !== null)(`docs/${guide.page}`, async () => {
      const keys = { KITE_API_KEY: APPS.zerodha.apiKey, KITE_API_SECRET: APPS.zerodha.apiSecret };
      newcomer = await followGuide(guide, { ...brokers.nodeEnv, ...keys });
      const { url, secret } = newcomer;
      const caller = createCaller({ url, secret, account: 'zerodha', broker: 'zerodha' });
      const hasPage = guide.page !== 'plain.md';
      const quotes = async () => (await fetch(url.replace(/session$/, 'quotes'))).json();
      if (hasPage) expect(await quotes()).toMatchObject({ auth_required: true, parked: 1 });

      const applied = await caller.capture(caller.captured(brokers.kite.issue(APPS.zerodha.apiKey)));
      expect(applied.outcome.kind).toBe('applied');
      const isDone = ({ session, feed, queue }: SessionReport) =>
        session.state === 'verified' && feed?.state === 'live' && (queue?.parked ?? 0) + (queue?.running ?? 0) === 0;
      const { queue } = await until(async () => {
        const { answer } = await caller.check();
        if (answer?.type !== 'session.report') throw new Error(JSON.stringify(answer));
        return answer;
      }, isDone);
      if (!hasPage) return;
      expect(queue).toMatchObject({ done: 1, latest: [{ state: 'done' }] });
      expect(await quotes()).toHaveProperty(['NSE:NIFTY 50', 'last_price']);
    });
});

/** Written by hand from a page: without blanks, comments, and the paragraphs that call the broker, which are trading. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8');
  return [...text.matchAll(/^```(?:python|js) \S+\n([\s\S]*?)^```$/gm)]
    .flatMap(([, code = '']) => code.split('\n\n'))
    .filter((paragraph) => !paragraph.includes('quote('))
    .flatMap((paragraph) => paragraph.split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line));
}

it.each(GUIDES.map(({ page }) => page))('docs/%s asks for at most 20 lines beyond trading', (page) => {
  expect(linesOf(page).length).toBeLessThanOrEqual(20);
  expect(linesOf(page).length > 0).toBe(page !== 'plain.md');
});
