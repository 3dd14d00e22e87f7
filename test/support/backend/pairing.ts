import { brokers } from '../../../utils/shared/brokers/index.ts';
import { readPairing, writePairing } from '../../../utils/shared/pairing.ts';
import type { Browser } from '../browsers/browser.ts';
import { ANY_HOUR } from '../samples/samples.ts';
import { until } from '../until.ts';
import type { TestDestination } from './destination.ts';
import { APPS } from './practice.ts';

/** Pairs the practice Zerodha account with a destination under this name; gives our id of it. */
export function pairWith(
  browser: Browser,
  { url, secret }: Pick<TestDestination, 'url' | 'secret'>,
  name: string,
): Promise<string> {
  const { apiKey, redirectUrl } = APPS.zerodha;
  const rest = { api_key: apiKey, redirect_url: redirectUrl, mode: 'seal', expected_user: null } as const;
  return pairLine(browser, writePairing({ url, secret, account: name, broker: 'zerodha', ...rest }));
}

/**
 * Pairs by a pairing string, and waits for the destination's first proof or trouble; gives our id of the account. No test
 * depends on the morning in which its broker may end new sessions.
 */
export async function pairLine(browser: Browser, text: string): Promise<string> {
  const pairing = readPairing(text);
  const reply = await browser.send({ type: 'pair', text });
  if (!pairing.ok || !reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
  const { account } = reply;
  if (brokers[pairing.value.broker].session.suspectUntil)
    await browser.send({ type: 'set-clock', account, clock: ANY_HOUR });
  await until(
    () => browser.account(pairing.value.account),
    // One of the same name that was forgotten a moment ago may still be shown.
    (one) => one?.settings.id === account && (one.reportedAt !== null || one.advice !== null),
  );
  return account;
}
