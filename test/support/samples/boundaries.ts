// A process of its own has no set-up file to choose its language.
import '../english.ts';
import { type AccountClock, DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import type { Status } from '../../../utils/domain/view/status.ts';
import type { ExpiryRule } from '../../../utils/shared/expiry.ts';
import { type Phase, phaseAt } from '../../../utils/shared/market.ts';
import { account, facts, iso, ist, report, session, WELL, world } from './samples.ts';

/** A login made at a moment, looked at in another one, with a backend that told of it a second before. */
export interface Look {
  broker: 'zerodha' | 'icici';
  rule?: ExpiryRule;
  made: string;
  /** When the broker last confirmed it; at the login where it is not given. */
  verified?: string;
  seen: string;
}

export type Answer = [status: Status, phase: Phase, says: string];

/** What the product says of a look: the same in every time zone of the machine. */
export function answer({ broker, rule, made, verified = made, seen }: Look): Answer {
  const now = ist(seen);
  const clock: AccountClock | undefined = rule && { rule, renewsItself: false };
  const told = session({
    exchanged_at: iso(ist(made)),
    verified_at: iso(ist(verified)),
    // What the backend knows of the end is not asked here: the rule is.
    expires_at: null,
  });
  const known = facts({ report: report({ at: now - 1, session: told }) });
  const [view] = overview(
    world({ now, accounts: [account({ broker, clock })], facts: new Map([['destination1', known]]) }),
    WELL,
  ).accounts;
  if (!view) throw new Error('no account is shown');
  return [view.status, phaseAt(now, DEFAULT_PREFERENCES).phase, view.says];
}
