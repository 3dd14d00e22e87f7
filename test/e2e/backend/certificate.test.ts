import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeBrokers } from '../../brokers/index.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { APPS } from '../../support/backend/practice.ts';
import { holdPort } from '../../support/backend/receivers.ts';
import type { Browser } from '../../support/browsers/browser.ts';
import { startBrowser } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

describe('a backend whose certificate nobody knows', () => {
  let brokers: Awaited<ReturnType<typeof startPracticeBrokers>>;
  let browser: Browser;
  let received = 0;
  let server: ReturnType<typeof createServer>;

  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    browser = await startBrowser({ brokers });
    await browser.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*', 'https://127.0.0.1/*');
    const pem = await generate([{ name: 'commonName', value: 'Nobody' }], { keyType: 'ec', algorithm: 'sha256' });
    server = createServer({ cert: pem.cert, key: pem.private }, (_, response) => {
      received += 1;
      response.end('{}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterAll(async () => {
    await browser.close();
    await brokers.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  it('is told as such, and not as one that does not run', async () => {
    const { port } = server.address() as AddressInfo;
    const destination = { url: `https://127.0.0.1:${port}/session`, secret: `whsec_${btoa('s'.repeat(24))}` };
    const account = await pairWith(browser, destination, 'main');
    const view = await until(
      () => browser.account('main'),
      (one) => one?.settings.id === account && one.destination?.provenAt === null && one.advice !== null,
    );
    expect(view?.advice?.says).toContain('does not trust the certificate');
    expect(received).toBe(0);
    await browser.send({ type: 'forget', account });
  });

  it('is not taken for it where nothing runs at all', async () => {
    // Held, so that no other file of the tests is given it.
    const { port, close } = await holdPort((server.address() as AddressInfo).port);
    const destination = { url: `https://127.0.0.1:${port}/session`, secret: `whsec_${btoa('s'.repeat(24))}` };
    const account = await pairWith(browser, destination, 'main');
    const view = await until(
      () => browser.account('main'),
      (one) => one?.settings.id === account && one.advice !== null,
    );
    expect(view?.advice?.says).toContain('does not answer');
    await browser.send({ type: 'forget', account });
    close();
  });
});
