import { brokers } from '../../shared/brokers/index.ts';
import { MINUTE } from '../../shared/time.ts';
import { ownRoute } from '../accounts/destinations.ts';
import type { Account } from '../accounts/settings.ts';
import { formatNumber, languageTag, say } from '../base/words.ts';
import { LOGIN_TAKES_MS, type Stuck, stuckOf } from '../capture/stuck.ts';
import type { ShownLogin } from '../session/chain.ts';
import { factsOf } from '../session/facts.ts';
import type { World } from '../session/world.ts';
import { type ContainerView, viewContainer } from './container.ts';

/** A login that came to nothing at the broker: what happened, and the log-out that may mend it. */
export interface LogOutView {
  why: Why;
  says: string;
  /** What keeps two people apart without a log-out, where the browser has it: offered first. */
  container: ContainerView | null;
  /** What the log-out may end, and its button; null where the broker has no log-out that is known. */
  offer: { warns: string; button: string } | null;
}

type Why = Stuck | 'other-user';

/** What to say of a login that a web session of somebody else may have led astray, or null. */
export function viewLogOut(account: Account, login: ShownLogin | null, world: World): LogOutView | null {
  const why = whyOf(account, login, world);
  if (why === null) return null;
  const { name, logOutUrl } = brokers[account.broker];
  if (why === 'other-user' && logOutUrl === null) return null;
  const says = say(WORDS[why], name, formatNumber(LOGIN_TAKES_MS / MINUTE));
  const container = viewContainer(account, world.granted);
  return { why, says, container, offer: logOutUrl === null ? null : offerOf(account, why, world) };
}

const WORDS = {
  'last-step': 'log_out_last_step',
  'too-long': 'log_out_too_long',
  'other-user': 'log_out_other_user',
} as const satisfies Record<Why, string>;

function whyOf(account: Account, login: ShownLogin | null, world: World): Why | null {
  const { logins, now } = world;
  if (account.paused) return null;
  const known = factsOf(world.facts, ownRoute(world, account));
  const capturedAt = Math.max(login?.capturedAt ?? 0, known.pending?.capturedAt ?? 0, known.login?.capturedAt ?? 0);
  const [newest] = logins.filter((one) => one.account === account.id).sort((a, b) => b.at - a.at);
  // A newer login in another tab, or a token that came, leaves an old page behind.
  if (newest && newest.at > capturedAt) return stuckOf(newest, now);
  return login?.state === 'ended' && login.trouble?.code === 'wrong_account' ? 'other-user' : null;
}

/** Whose session may end: the page is never read, so those count whose session is known to live. */
function offerOf(account: Account, why: Why, world: World): LogOutView['offer'] {
  const { name: broker } = brokers[account.broker];
  const alive = world.accounts
    .filter((one) => one.broker === account.broker && (one.id !== account.id || why === 'too-long'))
    .flatMap((one) => {
      const session = factsOf(world.facts, ownRoute(world, one)).report?.session;
      return session?.state === 'verified' ? [{ name: one.name, user: session.user ?? one.name }] : [];
    });
  const users = alive.map(({ user }) => user);
  // A mask leaves two letters of a user, and a family's may be the same: then the person's own names tell them apart.
  const people = new Set(users).size === users.length ? users : alive.map(({ name }) => name);
  if (people.length === 0)
    return { warns: say('log_out_warns_unknown', broker), button: say('log_out_unknown', broker) };
  const whose = new Intl.ListFormat(languageTag(), { type: 'disjunction' }).format(people);
  return { warns: say('log_out_warns', broker, whose), button: say('log_out_known', broker, whose) };
}
