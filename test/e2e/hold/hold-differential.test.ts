import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { CASES as USES } from '../../support/hold/cases.ts';
import { bareAccount, switchOn } from '../../support/hold/dashboard.ts';
import { FIDELITY } from '../../support/hold/fidelity.ts';
import { type AskedServer, startAskedServer } from '../../support/hold/server.ts';

const CASES = [...USES, ...FIDELITY];
const PROBE = ['probe.js', 'fidelity-probe.js']
  .map((name) => readFileSync(join(import.meta.dirname, '../../support/hold', name), 'utf8'))
  .join('\n');

describe('a page sees no difference where no login is due (LEAK-06)', () => {
  let server: AskedServer;
  let other: AskedServer;
  let chromium: Chromium;
  let without: Record<string, unknown>;
  let withHold: Record<string, unknown>;

  beforeAll(async () => {
    [server, other, chromium] = await Promise.all([startAskedServer(), startAskedServer(), startChromium()]);
    await switchOn(chromium, await bareAccount(chromium), `http://127.0.0.1:${server.port}`);
    without = await run(`http://localhost:${server.port}/page`);
    withHold = await run(`http://127.0.0.1:${server.port}/page`);
  });
  afterAll(async () => {
    await chromium.close();
    await Promise.all([server.close(), other.close()]);
  });

  async function run(url: string): Promise<Record<string, unknown>> {
    const page = await chromium.context.newPage();
    await page.goto(url);
    const cases = CASES.map(({ name, code }) => `${JSON.stringify(name)}: () => ${code}`).join(',\n');
    const results = await page.evaluate(`(async () => {
      const OTHER_PORT = ${other.port};
      ${PROBE}
      const cases = {${cases}};
      const results = {};
      for (const name of Object.keys(cases)) {
        const patience = new Promise((resolve) => setTimeout(resolve, 60000, 'no result in 60 s'));
        results[name] = await Promise.race([Promise.resolve().then(cases[name]).catch(failure), patience]);
      }
      results.held = await framed((frame) => frame.Function.prototype.toString.call(fetch) !== 'function fetch() { [native code] }');
      return results;
    })()`);
    await page.close();
    return results as Record<string, unknown>;
  }

  it('of at least 400 cases, each under a name of its own', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
    expect(CASES.length).toBeGreaterThanOrEqual(400);
  });

  it('with the hold on one side only', () => expect([without.held, withHold.held]).toEqual([false, true]));

  it.each(CASES)('$name', ({ name }) => {
    expect(without[name]).toBeDefined();
    expect(withHold[name]).toEqual(without[name]);
  });
});
