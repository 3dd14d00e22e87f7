import { writePairing } from '../../../utils/shared/pairing.ts';
import type { Browser } from '../browsers/browser.ts';
import { ANY_HOUR } from '../samples/samples.ts';
import { until } from '../until.ts';
import type { TestDestination } from './destination.ts';
import { APPS } from './practice.ts';

/** Pairs the practice Zerodha account with a destination under this name, and waits for its first proof or trouble; gives our id of it. */
export async function pairWith(
  browser: Browser,
  { url, secret }: Pick<TestDestination, 'url' | 'secret'>,
  name: string,
): Promise<string> {
  const { apiKey, redirectUrl } = APPS.zerodha;
  const text = writePairing({
    url,
    secret,
    account: name,
    broker: 'zerodha',
    api_key: apiKey,
    redirect_url: redirectUrl,
    mode: 'seal',
    expected_user: null,
  });
  const reply = await browser.send({ type: 'pair', text });
  if (!reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
  await browser.send({ type: 'set-clock', account: reply.account, clock: ANY_HOUR });
  const { account } = reply;
  await until(
    () => browser.account(name),
    // One of the same name that was forgotten a moment ago may still be shown.
    (one) => one?.settings.id === account && (one.reportedAt !== null || one.advice !== null),
  );
  return account;
}
