import { setTimeout as sleep } from 'node:timers/promises';
import { foldAnswer, nextCheck, noFacts, type SessionFacts, waitOf } from '../../../utils/domain/session/facts.ts';
import { CONTRACT_VERSION, type SessionCheck } from '../../../utils/shared/contract.ts';
import type { Calendar } from '../../../utils/shared/market.ts';
import { istClock } from '../../../utils/shared/time.ts';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE, type Sender } from '../../flow/backend/harness.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import type { BackendSizes } from './backend.ts';
import { withBackend } from './with-backend.ts';

/**
 * From a token, and from the first tick, to the moment when the extension knows of that tick and shows *live*: by checks
 * that wait, and by those that are asked of every other receiver.
 */
export async function measureLive(brokers: PracticeBrokers, { logins }: BackendSizes): Promise<Table> {
  const measured = await withBackend(brokers, (_backend, sender) => {
    const login = (mayWait: boolean) => untilLive(sender, brokers.kite.issue(KITE.apiKey), mayWait);
    return takeTurns(
      [
        { name: ASKED, turn: () => login(false) },
        { name: 'a check that waits', turn: () => login(true) },
      ],
      logins,
    );
  });
  const of = (name: string, what: keyof Live) => (measured.get(name) ?? []).map((one) => one[what]);
  return {
    id: 'live',
    basis: `${logins} logins each, in turns`,
    columns: [
      { name: 'token to live, ms', digits: 0 },
      { name: 'tick to live, ms', digits: 0 },
      { name: 'times the other', digits: 2 },
      { name: 'checks', digits: 0 },
    ],
    rows: [...measured.keys()].map((name) => ({
      name,
      figures: [
        spreadOf(of(name, 'token')),
        spreadOf(of(name, 'tick')),
        timesOf(of(name, 'tick'), of(ASKED, 'tick')),
        spreadOf(of(name, 'checks')),
      ],
    })),
  };
}

const ASKED = 'checks after 0.5, 1, 2, 4 s';

/** ms from the token, and from the tick, to the report that tells of it; and how many checks that took. */
interface Live {
  token: number;
  tick: number;
  checks: number;
}

/** Follows one login as the extension does, by its own judgement. */
async function untilLive(sender: Sender, token: string, mayWait: boolean): Promise<Live> {
  const message = sender.captured(token);
  const capturedAt = Date.now();
  await sender.deliver(message);
  const endedAt = Date.now();
  const delivery = sender.idOf(message);
  const login = { delivery, via: 'redirect', capturedAt, endedAt, end: 'applied', trouble: null } as const;
  let facts: SessionFacts = { ...noFacts('bench'), login, nextCheckAt: endedAt };
  for (let checks = 1; ; checks += 1) {
    await sleep(Math.max(0, (facts.nextCheckAt ?? 0) - Date.now()));
    const sentAt = Date.now();
    const wait = waitOf(facts, sentAt, alwaysOpen(sentAt));
    const check: SessionCheck = { version: CONTRACT_VERSION, type: 'session.check', account: message.account, wait };
    const { answer } = await sender.post(JSON.stringify(check));
    if (answer.type !== 'session.report') throw new Error(JSON.stringify(answer));
    const at = Date.now();
    const firstTickAt = Date.parse(answer.feed?.first_tick_at ?? '');
    const isLive = answer.session.state === 'verified' && answer.feed?.state === 'live';
    if (isLive) return { token: at - capturedAt, tick: at - firstTickAt, checks };
    const heard = mayWait ? answer : { ...answer, understands: [] };
    const told = foldAnswer(facts, heard, { sentAt, at });
    facts = { ...told, nextCheckAt: nextCheck(told, at, alwaysOpen(at)) };
  }
}

/** The practice broker ticks at any hour. */
const alwaysOpen = (now: number): Calendar => {
  const today = {
    date: istClock(now).date,
    kind: 'trading',
    name: '',
    hours: { from: ALL_DAY[0], to: ALL_DAY[1] },
  } as const;
  return { market: 'nse-fo', own: { days: [today], through: null } };
};
const ALL_DAY = [
  { hour: 0, minute: 0 },
  { hour: 23, minute: 59 },
] as const;
