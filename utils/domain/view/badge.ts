import { formatMoment } from '../base/moment.ts';
import { languageTag, say } from '../base/words.ts';
import type { Term } from '../session/term.ts';
import { type Status, tellState } from './status.ts';
import { TONES, type Tone } from './tone.ts';
import { byNeed } from './urgency.ts';

export interface Badge {
  text: string;
  /** A CSS colour; the text alone already tells the states apart. */
  color: string;
  title: string;
  /** Which of the toolbar's icons stands above it. */
  icon: Tone;
}

const RED = '#b3261e';
const AMBER = '#8a4b00';
const BLUE = '#2457a6';
const GREEN = '#1c7a4c';
const GREY = '#5c6670';

// Each meaning has a sign of its own, so that nobody has to tell colours apart; white on each is at least 4.5 to 1.
const BADGES: Readonly<Record<Status, { text: string; color: string }>> = {
  failed: { text: '✕', color: RED },
  rejected: { text: '✕', color: RED },
  unreachable: { text: '⌀', color: RED },
  expired: { text: '!', color: AMBER },
  never: { text: '!', color: AMBER },
  'renew-now': { text: '15', color: AMBER },
  setup: { text: '', color: GREY },
  unverified: { text: '?', color: GREY },
  'due-soon': { text: '30', color: AMBER },
  suspect: { text: '~', color: AMBER },
  working: { text: '…', color: BLUE },
  accepted: { text: '·', color: GREY },
  verified: { text: '✓', color: GREEN },
  live: { text: '✓', color: GREEN },
  paused: { text: '', color: GREY },
};
const ASKED = { text: '!', color: AMBER };

/** What the badge has to know of an account. */
interface Spoken {
  brokerName: string;
  name: string;
  status: Status;
  says: string;
  /** A question that waits for the person, or null. */
  ask?: object | null;
  term: Term | null;
}

export function lostBadge(): Badge {
  return { ...BADGES.failed, icon: 'wrong', title: say('badge_lost') };
}

/** The badge speaks for the account that needs a person most; its tooltip has the exact time at which the session ends. */
export function badge(accounts: readonly Spoken[], now: number): Badge {
  const [worst] = byNeed(accounts);
  if (!worst) return { text: '', color: GREY, icon: 'idle', title: say('badge_none') };
  const { brokerName, name, status, says, ask, term } = worst;
  const endsAt = term?.endsAt ?? null;
  const meaning = ask ? say('badge_asked') : tellState(status).label.toLocaleLowerCase(languageTag());
  const title = say('badge_account', brokerName, name, meaning, says);
  const { text, color } = ask ? ASKED : BADGES[status];
  const icon = ask ? 'due' : TONES[status];
  return { text, color, icon, title: endsAt === null ? title : `${title} ${tellEnd(endsAt, now)}` };
}

function tellEnd(endsAt: number, now: number): string {
  return say(endsAt > now ? 'badge_ends' : 'badge_ended', formatMoment(endsAt, now));
}
