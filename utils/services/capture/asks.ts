import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import type { Ask } from '../../domain/capture/capture.ts';
import type { Outcome } from '../../domain/capture/outcome.ts';
import { type Reading, readPaste } from '../../domain/capture/redirect.ts';
import { locked } from '../../platform/storage/lock.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, removeAsks, type Stored, writeOutcome } from '../store/store.ts';
import { askAbout, captureAsked, isUsedUp } from './capture.ts';

/** A pasted token or redirect URL: never sent before the person says yes to what it is and where it goes. */
export async function takePaste(accountId: string, text: string): Promise<Checked<string>> {
  const problemOf = (message: string): Checked<string> => ({ ok: false, problems: [{ field: 'text', message }] });
  const checked = await locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find(({ id }) => id === accountId);
    if (!account) return problemOf(say('problem_paste_gone'));
    if (account.mode === 'observe') return problemOf(say('problem_paste_observed'));
    const broker = brokers[account.broker];
    const reading = readPaste(broker, text);
    if (reading.kind !== 'login') return problemOf(tellPaste(reading, broker.name));
    if (await isUsedUp(stored, account, reading.token)) return problemOf(say('problem_paste_used'));
    const ask = await askAbout(stored, { ...reading, account }, 'pasted');
    return { ok: true as const, value: ask.id };
  });
  await pulse();
  return checked;
}

function tellPaste(reading: Reading, broker: string): string {
  const reason = reading.kind === 'none' ? reading.reason : null;
  if (reason === 'several-tokens') return say('problem_paste_several', broker);
  if (reason === 'not-a-login') return say('problem_paste_failed', broker);
  return say('problem_paste_none', broker);
}

/**
 * A login page that armed its tab settles the question about the redirect of its own request, under the lock. The events
 * of a request reach a background that they wake in either order: the question may have come first, however long before.
 */
export async function settleAsks(stored: Stored, { account, request }: { account: string; request: string }) {
  const ask = stored.asks.find(
    (one) => one.why === 'not-started-here' && one.request === request && one.account === account,
  );
  const known = stored.accounts.find(({ id }) => id === account);
  if (!ask || !known || ask.expiresAt <= Date.now()) return false;
  await captureAsked(stored, known, ask);
  log({ event: 'redirect', account, via: 'redirect', verdict: 'captured', sealed: known.mode === 'seal' });
  const alike = stored.asks.filter(({ token }) => token === ask.token);
  await sayCaptured(stored, known, alike);
  await removeAsks(alike);
  return true;
}

/** The person's answer to an ask: yes captures the token, no forgets it. */
export function answerAsk(id: string, isYes: boolean): Promise<boolean> {
  return locked(async () => {
    const stored = await readAll();
    const ask = stored.asks.find((one) => one.id === id);
    const account = stored.accounts.find((one) => one.id === ask?.account);
    if (!ask || !account || ask.expiresAt <= Date.now()) return false;
    if (isYes) await captureAsked(stored, account, ask);
    log({ event: 'answered', account: account.id, yes: isYes });
    // Where twins were asked about, one answer is the answer.
    const alike = stored.asks.filter(({ token }) => token === ask.token);
    if (isYes) await sayCaptured(stored, account, alike);
    await removeAsks(alike);
    return true;
  });
}

/** The page that asked shows the login from then on, also when it is loaded again: that of the account which was meant. */
async function sayCaptured({ outcomes }: Stored, { id }: Account, asked: readonly Ask[]): Promise<void> {
  const isOfThese = (outcome: Outcome) => asked.some(({ account }) => account === outcome.account);
  for (const one of outcomes)
    if (one.what === 'asked' && isOfThese(one))
      await writeOutcome({ ...one, account: id, what: 'captured', at: Date.now() });
}
