import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeBrokers } from '../brokers/index.ts';
import { type Chromium, startChromium } from '../support/chromium.ts';
import { APPS, freePort } from '../support/practice.ts';
import { until } from '../support/until.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const block = (language: string) =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(README)?.[1] ?? '';

/** A new user's own backend: the README's lines as they stand, and the account entered by hand in the settings. */
describe('one’s own backend, from the lines of the README', () => {
  let brokers: Awaited<ReturnType<typeof startPracticeBrokers>>;
  let chromium: Chromium;
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    chromium = await startChromium({ brokers });
    await chromium.preGrant(['https://kite.zerodha.com/*', 'http://127.0.0.1/*']);
  });
  afterAll(async () => {
    await chromium.close();
    await brokers.close();
  });

  it.each([
    ['python', 'receiver.py', 'python3'],
    ['ts', 'receiver.ts', process.execPath],
  ])('in %s is green after a login', async (language, file, program) => {
    const receiver = await start(language, file, program);
    const { options } = chromium;
    await options.reload();
    await options.locator('[data-action="by-hand"]').click();
    const account = options.locator('form[aria-label="Account"]');
    await account.locator('[name="name"]').fill(language);
    await account.locator('[name="apiKey"]').fill(APPS.zerodha.apiKey);
    await account.locator('[name="redirectUrl"]').fill(APPS.zerodha.redirectUrl);
    await account.locator('[data-action="save-account"]').click();
    const section = options.locator(`section[data-account="${language}"]`);
    await section.locator('[data-action="edit-destination"]').click();
    const destination = section.locator('form[aria-label="Destination"]');
    await destination.locator('[name="url"]').fill(receiver.url);
    await destination.locator('[name="secret"]').fill(receiver.secret);
    await destination.locator('[data-action="save-destination"]').click();
    await destination.waitFor({ state: 'detached' });
    const allow = section.locator('[data-action="allow"]');
    if (await allow.count()) await allow.click();
    await section.locator('[data-action="test"]').click();
    await until(
      () => section.locator('[data-step][data-ok="true"]').count(),
      (count) => count === 3,
    );

    const badge = () => chromium.options.evaluate(() => chrome.action.getBadgeText({}));
    expect(await badge()).toBe('!');
    const id = (await chromium.account(language))?.settings.id ?? '';
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account: id }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    const after = await until(
      () => chromium.account(language),
      (one) => one?.status === 'verified',
    );
    expect(after?.links?.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'captured done',
      'delivered done',
      'exchanged done',
      'verified done',
      'live idle',
    ]);
    expect(await badge()).toBe('✓');
    await tab.close();
    await chromium.send({ type: 'forget', account: id });
    receiver.stop();
  });
});

async function start(language: string, file: string, program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-readme-'));
  writeFileSync(join(folder, file), block(language));
  const port = await freePort();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const env = { PATH: process.env.PATH, PORT: String(port), OPENING_BELL_SECRET: secret };
  const child = spawn(program, [join(folder, file)], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  // Anything unsigned is refused, which is how it shows that it is up.
  await until(
    () =>
      fetch(url, {
        method: 'POST',
        body: '{}',
        headers: { 'webhook-id': 'a', 'webhook-timestamp': '1', 'webhook-signature': 'v1,' },
      }).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 401,
  );
  return {
    url,
    secret,
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
