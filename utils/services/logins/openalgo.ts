import { ownDestination } from '../../domain/accounts/destinations.ts';
import { isGranted } from '../../domain/accounts/hosts.ts';
import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say, type Word } from '../../domain/base/words.ts';
import { APP_HOME, APP_LOGIN } from '../../domain/delivery/openalgo.ts';
import { grantedHosts } from '../../platform/runtime/permissions.ts';
import { openTab } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { hostPattern } from '../../shared/urls.ts';
import { askSession } from '../delivery/openalgo.ts';
import { readAll } from '../store/store.ts';

/**
 * The order of an OpenAlgo's morning: its own password first, then the broker. A login that it would lose or ignore is not
 * begun, and its own page opens in its place. `elsewhere`: it begins the login itself.
 */
export async function appFirst(account: Account): Promise<Checked<'here' | 'elsewhere'>> {
  const { destinations } = await readAll();
  const destination = ownDestination(destinations, account.id);
  if (!destination || !isOpenAlgo(destination)) return { ok: true, value: 'here' };
  const { url } = destination;
  if (!isGranted(await grantedHosts(), hostPattern(url))) return { ok: true, value: 'here' };
  const open = (path: string) => openTab(new URL(path, url).href);
  const refuse = async (word: Word, path: string): Promise<Checked<never>> => {
    await open(path);
    return { ok: false, problems: [{ field: 'destination', message: say(word) }] };
  };
  const asked = await askSession(url);
  // Where it says nothing, its callback will show what is wrong.
  const is = 'session' in asked ? asked.session.is : null;
  if (is === 'no-login') return refuse('problem_app_login', APP_LOGIN);
  if (is === 'connected') return refuse('problem_app_connected', APP_HOME);
  if (!brokers[account.broker].needsConsent) return { ok: true, value: 'here' };
  await open(`/${account.broker}/initiate-oauth`);
  return { ok: true, value: 'elsewhere' };
}
