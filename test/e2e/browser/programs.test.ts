import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { PROGRAM_NAMES, PROGRAMS, startProgram } from '../../peers/programs.ts';
import { pairByHand } from '../../start/set-up.ts';
import { walkProgram } from '../../start/walk-program.ts';
import { openBrowser } from '../../start/with.ts';
import { APPS } from '../../support/backend/practice.ts';
import type { Chromium } from '../../support/browsers/chromium.ts';
import { HANGS_MS } from '../../support/until.ts';

/** What `npm start -- --with` shows, in one browser. */
describe('a small program of examples/programs', () => {
  let brokers: PracticeBrokers;
  let browser: Chromium;
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    browser = await openBrowser(brokers, true);
  });
  afterAll(async () => {
    await browser.close();
    await brokers.close();
  });

  for (const name of PROGRAM_NAMES)
    it.skipIf(PROGRAMS[name].missing() !== null)(
      `${name} parks, lives, reads, and acts by a confirmation`,
      async () => {
        const program = await startProgram(name, brokers);
        const account = await pairByHand(browser, 'zerodha', program.pairing);
        const { login, calls, ticks } = await walkProgram(browser, program, { ms: HANGS_MS });
        expect(
          login.links.map((link) => `${link.name} ${link.state}`),
          program.printed(),
        ).toEqual(['captured', 'delivered', 'exchanged', 'verified', 'live'].map((link) => `${link} done`));
        expect(calls.join('\n')).toMatch(/^\d quotes \| done \| .*NIFTY BANK/m);
        expect(calls.join('\n')).toMatch(/^\d profile \| done \| "Practice AB1234"/m);
        expect(calls.join('\n')).toMatch(/^\d buy \| done \| "would buy 1 NIFTYBEES"/m);
        expect(ticks.map((line) => line.split(' | ')[0])).toEqual(['NSE:NIFTY 50', 'NSE:NIFTY BANK', 'BSE:SENSEX']);
        for (const line of ticks) expect(line).toMatch(/ \| \d+(\.\d+)? \| \d+(\.\d+)?$/);
        const foreign = await fetch(new URL('calls/1/confirm', program.page), { method: 'POST' });
        expect(foreign.status).toBe(403);
        expect(brokers.kite.requests.filter(({ url }) => url.startsWith('/orders'))).toEqual([]);
        await browser.send({ type: 'forget', account });
        await program.stop();
      },
    );
});
