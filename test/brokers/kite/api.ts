import { formatIst, istClock } from '../../../utils/shared/time.ts';
import { OTHER_USER } from '../faults.ts';
import { type Answer, type Asked, json } from '../message.ts';
import { instrumentOf, priceOf } from '../prices.ts';
import { BAD_KEY, BAD_TOKEN, kiteError, NETWORK, NOT_PERMITTED } from './errors.ts';
import { exchange } from './exchange.ts';
import type { KitePractice, KiteSession } from './practice.ts';
import { userOf } from './profile.ts';

/** api.kite.trade: the REST API. */
export function api(kite: KitePractice, asked: Asked): Answer {
  if (asked.headers['x-kite-version'] !== '3')
    return kiteError(400, 'InputException', 'Missing or invalid `X-Kite-Version`.');
  const call = `${asked.method} ${asked.path}`;
  if (call === 'POST /session/token') return exchange(kite, asked);
  if (call === 'DELETE /session/token') return logOut(kite, asked);
  const session = authorized(kite, asked);
  if (session === null) return BAD_TOKEN;
  if (call === 'GET /user/profile') return profile(kite, session);
  if (/^GET \/quote(\/ohlc|\/ltp)?$/.test(call))
    return kite.faults.has('kite.app.personal') ? NOT_PERMITTED : quote(asked.query.getAll('i'), kite.now());
  return kiteError(404, 'GeneralException', 'Route not found');
}

function authorized(kite: KitePractice, { headers }: Asked): KiteSession | null {
  const [, apiKey = '', accessToken = ''] = /^token ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? [];
  return kite.session(apiKey, accessToken);
}

function profile(kite: KitePractice, { userId }: KiteSession): Answer {
  if (kite.faults.has('kite.profile.refused')) return BAD_TOKEN;
  if (kite.faults.has('kite.profile.network')) return NETWORK;
  return json({ status: 'success', data: userOf(kite.faults.has('kite.profile.other-user') ? OTHER_USER : userId) });
}

function logOut(kite: KitePractice, { query }: Asked): Answer {
  const apiKey = query.get('api_key') ?? '';
  if (!kite.apps.has(apiKey)) return BAD_KEY;
  const session = kite.session(apiKey, query.get('access_token') ?? '');
  if (session === null) return BAD_TOKEN;
  kite.sessions.delete(session.accessToken);
  return json({ status: 'success', data: true });
}

function quote(names: readonly string[], now: number): Answer {
  const time = `${istClock(now).date} ${formatIst(now, true)}`;
  const entries = names.map((name) => {
    const instrument = instrumentOf(name);
    const { last, ...ohlc } = priceOf(instrument, now);
    const net_change = Math.round((last - ohlc.close) * 100) / 100;
    return [
      name,
      {
        instrument_token: instrument.token,
        timestamp: time,
        last_trade_time: time,
        last_price: last,
        net_change,
        ohlc,
      },
    ];
  });
  return json({ status: 'success', data: Object.fromEntries(entries) });
}
