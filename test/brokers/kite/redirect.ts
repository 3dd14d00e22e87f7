import { type KitePractice, random } from './practice.ts';

type Pairs = [string, string][];

/** The query of the redirect after a login; `parameters` is what came as `redirect_params`, returned flattened. */
export function loginQuery(kite: KitePractice, apiKey: string, userId: string, parameters: string): Pairs {
  const { order, withType, withAction } = kite.shape;
  const failed = kite.faults.has('kite.login.failed');
  // The token of a failed login is one that no exchange knows, so a receiver that takes it is found out.
  const token: Pairs = [['request_token', failed ? random() : kite.issue(apiKey, userId)]];
  const rest: Pairs = [];
  if (withAction) rest.push(['action', 'login']);
  if (withType) rest.push(['type', 'login']);
  rest.push(['status', failed ? 'error' : 'success']);
  return [...(order === 'token-first' ? [...token, ...rest] : [...rest, ...token]), ...new URLSearchParams(parameters)];
}

/** A basket order comes back to the same URL; its request token, where there is one, is no login. */
export function basketQuery(bare: boolean): Pairs {
  const pairs: Pairs = [
    ['action', 'basket'],
    ['type', 'basket'],
    ['status', 'success'],
  ];
  return bare ? pairs : [...pairs, ['request_token', random()]];
}
