import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { tellProblems } from '../../domain/base/tell-problem.ts';
import { advance, nextTurn, type Round, stop } from '../../domain/session/round.ts';
import type { World } from '../../domain/session/world.ts';
import { isNextDue } from '../../domain/view/due.ts';
import type { Overview } from '../../domain/view/overview.ts';
import { isWell, turnOf } from '../../domain/view/round.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { closeTab, isTabAt, isTabOpen } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { beginLogin } from '../logins/begin-login.ts';
import { readRound, writeRound } from '../store/round.ts';
import { readAll, type Stored } from '../store/store.ts';
import { makeAccountDue } from './due-checks.ts';

/** The account whose login this life of the background is opening. */
const opening = new Set<string>();

/** Begins the logins of these accounts, one after the other, unless others are under way. */
export function beginRound(accounts: string[]): Promise<void> {
  return change((known) => (known && known.step.is !== 'stopped' ? known : { accounts, turn: 0, step: { is: 'due' } }));
}

/** Leaves the login at which the round stopped, and goes on with the next. */
export function skipTurn(): Promise<void> {
  return change(async (known) => {
    if (known?.step.is !== 'stopped') return known;
    const { accounts, logins } = await readAll();
    await closeLogins(known, accounts, logins);
    return nextTurn(known);
  });
}

/** Ends the round; the login that is open stays. */
export function endRound(): Promise<void> {
  return change(() => null);
}

async function change(how: (known: Round | null) => Round | null | Promise<Round | null>): Promise<void> {
  await locked(async () => {
    // Whatever kills this worker before its pulse, the next one is called.
    await wakeSoon(Date.now());
    await writeRound(await how(await readRound()));
  });
}

export function isUnderWay(round: Round | null): boolean {
  return round !== null && round.step.is !== 'stopped';
}

type RoundWorld = World & Pick<Stored, 'seen' | 'outcomes'>;

/** Moves a round on, under the lock: how it stands then, and the account whose login is to be opened now. */
export async function moveRound(
  known: Round,
  { accounts }: Overview,
  world: RoundWorld,
): Promise<{ round: Round | null; due: Account | null }> {
  const viewOf = (id: string) => accounts.find(({ settings }) => settings.id === id);
  const openTabs = await tabsOf(world);
  const moved = advance(known, {
    now: world.now,
    turnOf: (id, since) => turnOf(viewOf(id), id, since, { ...world, openTabs }),
    isDue: (id) => accounts.some((one) => one.settings.id === id && isNextDue(one)),
    isWell: (id) => isWell(viewOf(id)),
    isOpening: (id) => opening.has(id),
  });
  if (moved?.turn !== known.turn) await closeLogins(known, world.accounts, world.logins);
  const due = moved?.step.is === 'due' ? viewOf(moved.accounts[moved.turn] ?? '')?.settings : undefined;
  const round: Round | null = moved && due ? { ...moved, step: { is: 'opening', since: world.now } } : moved;
  if (round !== known) await writeRound(round);
  if (due) opening.add(due.id);
  return { round, due: due ?? null };
}

async function tabsOf({ logins }: World): Promise<Set<number>> {
  const open = await Promise.all(logins.map(async ({ tab }) => ((await isTabOpen(tab)) ? [tab] : [])));
  return new Set(open.flat());
}

/** One login of a round at a time: the page of one whose turn is over closes, where it still stands at the broker. */
async function closeLogins(
  { accounts, turn, step }: Round,
  known: readonly Account[],
  logins: World['logins'],
): Promise<void> {
  const account = known.find(({ id }) => id === accounts[turn]);
  if (!account || step.is === 'due') return;
  for (const { tab } of logins.filter((one) => one.account === account.id && one.by === 'us'))
    if (await isTabAt(tab, brokers[account.broker].hosts)) await closeTab(tab);
}

/** Opens the login whose turn it is, and notes that it is open, or why it could not be opened. */
export async function openTurn(account: Account, pulse: () => Promise<void>): Promise<void> {
  try {
    const proof = makeAccountDue(account.id, Date.now()).then(pulse);
    const opened = await beginLogin(account, proof).catch(() => null);
    await locked(async () => {
      const round = await readRound();
      if (round?.step.is === 'opening' && round.accounts[round.turn] === account.id)
        await writeRound(noteOpened(round, round.step.since, opened));
    });
  } finally {
    opening.delete(account.id);
  }
  await pulse();
}

function noteOpened(round: Round, since: number, opened: Checked<Account> | null): Round {
  if (opened?.ok) return { ...round, step: { is: 'open', since } };
  return stop(round, 'not-opened', Date.now(), opened ? tellProblems(opened.problems) : null);
}
