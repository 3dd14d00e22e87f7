import { faultsOf } from './simple/faults.ts';
import { simples } from './simple/list.ts';

/** The links a token passes, in order; a fault breaks one and leaves those before it whole. */
export type Link = 'captured' | 'delivered' | 'exchanged' | 'verified' | 'live';

const KITE_AND_BREEZE = {
  'kite.login.error': {
    says: 'The finished login stays on kite.zerodha.com with an error as JSON.',
    breaks: 'captured',
  },
  'kite.login.failed': { says: 'The redirect arrives with a status that is not success.', breaks: 'captured' },
  'kite.exchange.spent': { says: 'The exchange calls the request token invalid or expired.', breaks: 'exchanged' },
  'kite.exchange.checksum': {
    says: 'The exchange calls the checksum invalid, as for a wrong API secret.',
    breaks: 'exchanged',
  },
  'kite.exchange.input': { says: 'The exchange refuses its parameters with an InputException.', breaks: 'exchanged' },
  'kite.exchange.permission': { says: 'The exchange is refused with a PermissionException.', breaks: 'exchanged' },
  'kite.exchange.html': { says: 'A firewall answers the exchange with an HTML page and 403.', breaks: 'exchanged' },
  'kite.exchange.limited': { says: 'The exchange is told that there are too many requests.', breaks: 'exchanged' },
  'kite.exchange.general': { says: 'The exchange fails with 500 and a GeneralException.', breaks: 'exchanged' },
  'kite.exchange.data': { says: 'The exchange fails with 502 and a DataException.', breaks: 'exchanged' },
  'kite.exchange.network': { says: 'The exchange fails with 503 and a NetworkException.', breaks: 'exchanged' },
  'kite.exchange.lost': { says: 'The exchange spends the token, and its answer gets lost.', breaks: 'exchanged' },
  'kite.exchange.other-user': { says: 'The exchange opens a session of another user.', breaks: 'exchanged' },
  'kite.profile.refused': { says: 'The profile calls the access token incorrect.', breaks: 'verified' },
  'kite.profile.other-user': { says: 'The profile is that of another user.', breaks: 'verified' },
  'kite.profile.network': { says: 'The profile fails with 503 and a NetworkException.', breaks: 'verified' },
  'kite.app.personal': { says: 'A free app: the ticker and quotes are refused, the profile is not.', breaks: 'live' },
  'kite.ticker.refused': { says: 'The ticker answers the upgrade with 403.', breaks: 'live' },
  'kite.ticker.silent': { says: 'The ticker accepts the socket and sends neither heartbeat nor tick.', breaks: 'live' },
  'breeze.login.unknown-key': { says: 'The login page says that the public key does not exist.', breaks: 'captured' },
  'breeze.exchange.invalid-session': { says: 'customerdetails calls the session invalid.', breaks: 'exchanged' },
  'breeze.exchange.unknown-key': {
    says: 'customerdetails says that the public key does not exist.',
    breaks: 'exchanged',
  },
  'breeze.exchange.unavailable': {
    says: 'customerdetails says that the resource is not available.',
    breaks: 'exchanged',
  },
  'breeze.exchange.limited': {
    says: 'customerdetails reports the call limit of a minute, with 401.',
    breaks: 'exchanged',
  },
  'breeze.exchange.html': { says: 'customerdetails answers 200 with an HTML page.', breaks: 'exchanged' },
  'breeze.exchange.other-user': { says: 'customerdetails opens a session of another user.', breaks: 'exchanged' },
  'breeze.funds.invalid-session': { says: 'Every signed call says that the session is invalid.', breaks: 'verified' },
  'breeze.stream.refused': { says: 'The tick stream refuses the connection.', breaks: 'live' },
  'breeze.stream.silent': { says: 'The tick stream accepts every join and sends no tick.', breaks: 'live' },
} as const satisfies Record<string, { says: string; breaks: Link }>;

/** Every way a practice broker can misbehave, in a sentence, and the first link that it breaks. */
export const FAULTS: Readonly<Record<Fault, { says: string; breaks: Link }>> = {
  ...KITE_AND_BREEZE,
  ...Object.assign({}, ...Object.values(simples).map(faultsOf)),
};
export type Fault = keyof typeof KITE_AND_BREEZE | `${keyof typeof simples}.${string}`;

/** The user that a fault of the kind `other-user` answers with. */
export const OTHER_USER = 'ZZ9999';
