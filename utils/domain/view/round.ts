import { MINUTE } from '../../shared/time.ts';
import { factsIdOf } from '../accounts/destinations.ts';
import { formatNumber, keyOf, say } from '../base/words.ts';
import { LOGIN_LIFETIME_MS, NO_TAB, type Seen } from '../capture/capture.ts';
import type { Outcome } from '../capture/outcome.ts';
import { factsOf } from '../session/facts.ts';
import type { Round, Turn } from '../session/round.ts';
import type { World } from '../session/world.ts';
import { isNextDue } from './due.ts';
import { type AccountView, type RoundView, shownLogin } from './overview.ts';
import { routeOf } from './routes.ts';
import { titleOf } from './title.ts';
import { TONES } from './tone.ts';

/** The world with what became of redirects, and the tabs that are still there. */
export type TurnWorld = Pick<World, 'deliveries' | 'facts' | 'logins'> & {
  outcomes: readonly Outcome[];
  seen: readonly Seen[];
  openTabs: ReadonlySet<number>;
};

/** Whether an account needs nobody now; one that is gone needs nobody. */
export function isWell(account: AccountView | undefined): boolean {
  return !account || (TONES[account.status] !== 'wrong' && !isNextDue(account) && !account.ask && !account.logOut);
}

/** What is known of an account's login since its turn began, epoch ms. */
export function turnOf(account: AccountView | undefined, id: string, since: number, world: TurnWorld): Turn {
  // Of one whose background was killed just then nobody knows: it may be open.
  const isOpen = (tab: number) => tab === NO_TAB || world.openTabs.has(tab);
  const tabs = world.logins.filter((one) => one.account === id && one.at >= since).map(({ tab }) => tab);
  return {
    isGone: account === undefined || account.status === 'paused',
    isDue: account !== undefined && isNextDue(account),
    isAsked: account !== undefined && account.ask !== null,
    isStuck: account !== undefined && account.logOut !== null,
    token: tokenOf(account, since, world),
    isEmpty: world.outcomes.some((one) => one.account === id && one.at >= since && EMPTY[one.what]),
    isJudging: world.seen.length > 0,
    tab: tabs.length === 0 ? 'none' : tabs.some(isOpen) ? 'open' : 'closed',
  };
}

// A token that was known before may be seen again in any tab that is loaded again.
const EMPTY: Record<Outcome['what'], boolean> = {
  captured: false,
  known: false,
  asked: false,
  refused: true,
  failed: true,
  empty: true,
  lost: true,
  hidden: true,
};

function tokenOf(account: AccountView | undefined, since: number, { deliveries, facts }: TurnWorld): Turn['token'] {
  const route = account && routeOf(account);
  const login = route && shownLogin(factsIdOf(route), deliveries, factsOf(facts, route));
  if (!account || !login || login.capturedAt < since) return 'none';
  // There is a newer session than this login's.
  const isOver = login.end === 'applied' || login.end === 'accepted' || login.trouble?.code === 'superseded';
  if (login.state === 'ended' && isOver) return 'over';
  return login.state === 'ended' || account.status === 'failed' ? 'failed' : 'under-way';
}

/** What to say of a round among the accounts as they are shown; null where there is none. */
export function viewRound(round: Round | null, accounts: readonly AccountView[]): RoundView | null {
  const account = accounts.find(({ settings }) => settings.id === round?.accounts[round.turn]);
  if (!round || !account) return null;
  const { step, turn } = round;
  const place = [formatNumber(turn + 1), formatNumber(round.accounts.length), titleOf(account)];
  const left = round.accounts
    .slice(turn + 1)
    .filter((id) => accounts.some((one) => one.settings.id === id && isNextDue(one)));
  const view = { account: account.settings.id, left };
  const word = left.length > 0 ? 'round_under_way' : 'round_under_way_last';
  if (step.is !== 'stopped') return { ...view, isStopped: false, says: say(word, ...place) };
  const why = step.words ?? say(`round_${keyOf(step.why)}`, formatNumber(LOGIN_LIFETIME_MS / MINUTE));
  return { ...view, isStopped: true, says: `${say('round_stopped', ...place)} ${why}` };
}
