import type { BrokerId } from '../../utils/domain/contract.ts';
import { BUILT, type Chromium, startChromium } from '../support/chromium.ts';
import { type Practice, startPractice } from '../support/practice.ts';
import { ANY_HOUR } from '../support/samples.ts';

export interface SetUp {
  practice: Practice;
  chromium: Chromium;
  /** Our id of each paired account. */
  ids: Record<BrokerId, string>;
  close(): Promise<void>;
}

/** Brokers, backend and a Chromium whose extension is paired with both practice accounts, the way a person pairs them. */
export async function setUp(options: { headless?: boolean; extension?: string } = {}): Promise<SetUp> {
  const practice = await startPractice();
  const { headless = true, extension = BUILT } = options;
  const chromium = await startChromium({ args: practice.brokers.chromiumArgs, headless, extension });
  await chromium.preGrant(['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*']);
  for (const line of Object.values(await practice.backend.pairings())) await pairByHand(chromium, line);
  const ids = { zerodha: await idOf(chromium, 'zerodha'), icici: await idOf(chromium, 'icici') };
  await chromium.send({ type: 'set-clock', account: ids.zerodha, clock: ANY_HOUR });
  return {
    practice,
    chromium,
    ids,
    async close() {
      await chromium.close();
      await practice.close();
    },
  };
}

/** Pastes a pairing string into the settings page and presses its button. */
async function pairByHand({ options }: Chromium, line: string): Promise<void> {
  const before = await options.locator('section[data-account]').count();
  await options.locator('[name=pairing]').fill(line);
  await options.locator('[data-action=pair]').click();
  await options.locator('section[data-account]').nth(before).waitFor();
  await options.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[name=pairing]')?.value === '');
}

async function idOf(chromium: Chromium, name: string): Promise<string> {
  const account = await chromium.account(name);
  if (!account) throw new Error(`the account ${name} is not paired`);
  return account.settings.id;
}
