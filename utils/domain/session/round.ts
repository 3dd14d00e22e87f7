import { z } from '../../shared/schema.ts';
import { HOUR } from '../../shared/time.ts';
import { Id } from '../accounts/settings.ts';
import { isAhead } from '../base/moments.ts';
import { LOGIN_LIFETIME_MS } from '../capture/capture.ts';

/** Why a round goes no further without a person. */
const Stop = z.enum(['asked', 'failed', 'empty', 'stuck', 'closed', 'late', 'not-opened']);
export type Stop = z.infer<typeof Stop>;

/** Where the account stands whose turn it is: its login is to be opened, is being opened, is open, or went wrong. Epoch ms. */
const Step = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('due') }),
  z.strictObject({ is: z.literal('opening'), since: z.int() }),
  z.strictObject({ is: z.literal('open'), since: z.int() }),
  z.strictObject({ is: z.literal('stopped'), why: Stop, words: z.nullable(z.string()), at: z.int() }),
]);

/** Logins that a person began with one press, one after the other; `turn` is the place of the account whose turn it is. */
export const Round = z.strictObject({ accounts: z.array(Id), turn: z.int(), step: Step });
export type Round = z.infer<typeof Round>;

/** What is known of the login whose turn it is. */
export interface Turn {
  /** The account was paused or forgotten. */
  isGone: boolean;
  /** A login is still the thing that the account needs. */
  isDue: boolean;
  isAsked: boolean;
  /** It stands still at the broker, or was another person's. */
  isStuck: boolean;
  /** The token that came in this turn; `over`: its destination has it. */
  token: 'none' | 'under-way' | 'over' | 'failed';
  /** A redirect came in this turn, and brought no token. */
  isEmpty: boolean;
  /** A redirect was seen and is not judged yet. */
  isJudging: boolean;
  /** The tab of its login; `none`: it is not known. */
  tab: 'open' | 'closed' | 'none';
}

/** What a round is judged by. */
export interface RoundWorld {
  turnOf(account: string, since: number): Turn;
  isDue(account: string): boolean;
  /** The account needs nobody now. */
  isWell(account: string): boolean;
  /** This life of the background is opening its login. */
  isOpening(account: string): boolean;
  now: number;
}

/** What becomes of a turn: `next` ends it, a reason stops the round. */
export function judgeTurn(turn: Turn, isLate: boolean): 'wait' | 'next' | Stop {
  if (turn.isGone || turn.token === 'over') return 'next';
  if (turn.isAsked) return 'asked';
  if (turn.isStuck) return 'stuck';
  if (turn.token === 'failed') return 'failed';
  if (turn.token === 'under-way' || turn.isJudging) return 'wait';
  if (turn.isEmpty) return 'empty';
  const ended = turn.tab === 'closed' ? 'closed' : isLate ? 'late' : null;
  if (ended === null) return 'wait';
  // Another browser may have logged in meanwhile.
  return turn.isDue ? ended : 'next';
}

/** The round as it goes on from here; null where it is over. `due` asks for the login of its account to be opened now. */
export function advance(round: Round, world: RoundWorld): Round | null {
  const { accounts, turn, step } = round;
  const account = accounts[turn];
  if (account === undefined) return null;
  switch (step.is) {
    case 'due':
      return world.isDue(account) ? round : advanceToNext(round, world);
    case 'stopped':
      return isForgotten(step.at, accounts.slice(turn), world) ? null : round;
    case 'opening':
    case 'open':
      return world.isOpening(account) ? round : follow(round, account, step, world);
  }
}

function follow(
  round: Round,
  account: string,
  { is, since }: { is: 'opening' | 'open'; since: number },
  world: RoundWorld,
): Round | null {
  const { now } = world;
  const turn = world.turnOf(account, since);
  // The background that was opening it was killed before there was anything to open.
  if (is === 'opening' && turn.tab === 'none' && turn.token === 'none' && !turn.isAsked)
    return advance({ ...round, step: { is: 'due' } }, world);
  // A clock that was set back says nothing of how long it takes.
  const verdict = judgeTurn(turn, isAhead(since, now) || now - since > LOGIN_LIFETIME_MS);
  if (verdict === 'wait') return round;
  return verdict === 'next' ? advanceToNext(round, world) : stop(round, verdict, now);
}

function advanceToNext(round: Round, world: RoundWorld): Round | null {
  return advance(nextTurn(round), world);
}

/** The next one's turn, whatever became of this one. */
export function nextTurn({ accounts, turn }: Round): Round {
  return { accounts, turn: turn + 1, step: { is: 'due' } };
}

export function stop(round: Round, why: Stop, now: number, words: string | null = null): Round {
  return { ...round, step: { is: 'stopped', why, words, at: now } };
}

function isForgotten(stoppedAt: number, left: readonly string[], { isWell, now }: RoundWorld): boolean {
  return Math.abs(now - stoppedAt) > HOUR || left.every(isWell);
}
