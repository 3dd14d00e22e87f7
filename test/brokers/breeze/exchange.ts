import { parseJson, z } from '../../../utils/shared/schema.ts';
import { type Fault, OTHER_USER } from '../faults.ts';
import { type Answer, type Asked, json } from '../message.ts';
import { HTML, INVALID_SESSION, LIMITED, UNAVAILABLE, UNKNOWN_KEY } from './errors.ts';
import type { BreezeOutcome, BreezePractice, BreezeSession } from './practice.ts';

const Body = z.object({ SessionToken: z.string(), AppKey: z.string() });
type Body = z.infer<typeof Body>;

const REFUSALS: ReadonlyMap<Fault, Answer> = new Map([
  ['breeze.exchange.invalid-session', INVALID_SESSION],
  ['breeze.exchange.unknown-key', UNKNOWN_KEY],
  ['breeze.exchange.unavailable', UNAVAILABLE],
  ['breeze.exchange.limited', LIMITED],
  ['breeze.exchange.html', HTML],
]);

/** GET customerdetails with a body: apisession and AppKey alone open the day's session, as often as they are sent. */
export function customerDetails(breeze: BreezePractice, { body }: Asked): Answer {
  const sent = z.safeParse(Body, parseJson(body));
  const { outcome, answer } = sent.success ? judge(breeze, sent.data) : UNREADABLE;
  breeze.exchanges.push({ at: breeze.now(), token: sent.data?.SessionToken ?? '', outcome });
  return answer;
}

const UNREADABLE: { outcome: BreezeOutcome; answer: Answer } = { outcome: 'unreadable', answer: UNAVAILABLE };

function judge(breeze: BreezePractice, { SessionToken, AppKey }: Body): { outcome: BreezeOutcome; answer: Answer } {
  for (const [fault, answer] of REFUSALS) if (breeze.faults.has(fault)) return { outcome: fault, answer };
  if (!breeze.apps.has(AppKey)) return { outcome: 'unknown-key', answer: UNKNOWN_KEY };
  const session = breeze.find(({ apisession, apiKey }) => apisession === SessionToken && apiKey === AppKey);
  if (session === null) return { outcome: 'invalid-session', answer: INVALID_SESSION };
  const stranger = breeze.faults.has('breeze.exchange.other-user');
  const answer = details(session, stranger ? OTHER_USER : session.userId);
  return { outcome: stranger ? 'breeze.exchange.other-user' : 'accepted', answer };
}

function details({ sessionKey }: BreezeSession, userId: string): Answer {
  const Success = {
    exg_trade_date: {},
    exg_status: { NSE: 'O', BSE: 'O', FNO: 'O', NDX: 'O' },
    segments_allowed: { Trading: 'Y', Equity: 'Y', Derivatives: 'Y', Currency: 'N' },
    idirect_userid: userId,
    session_token: Buffer.from(`${userId}:${sessionKey}`).toString('base64'),
    idirect_user_name: `Practice ${userId}`,
    idirect_ORD_TYP: 'N',
    idirect_lastlogin_time: '',
    mf_holding_mode_popup_flg: 'N',
    commodity_exchange_status: 'N',
  };
  return json({ Success, Status: 200, Error: null });
}
