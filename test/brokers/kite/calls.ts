import { createHash } from 'node:crypto';
import { type Called, call } from '../call.ts';
import type { App } from './practice.ts';

const VERSION = { 'x-kite-version': '3' };

/** Exchanges a request token as the documentation says; needs the practice brokers reachable from this process. */
export function exchange({ apiKey, apiSecret }: App, request_token: string): Promise<Called> {
  const checksum = createHash('sha256')
    .update(apiKey + request_token + apiSecret)
    .digest('hex');
  const form = new URLSearchParams({ api_key: apiKey, request_token, checksum }).toString();
  const headers = { ...VERSION, 'content-type': 'application/x-www-form-urlencoded' };
  return call('https://api.kite.trade/session/token', { method: 'POST', headers }, form);
}

export function profile({ apiKey }: App, accessToken: string): Promise<Called> {
  const headers = { ...VERSION, authorization: `token ${apiKey}:${accessToken}` };
  return call('https://api.kite.trade/user/profile', { headers });
}

export function tickerUrl({ apiKey }: App, accessToken: string): string {
  return `wss://ws.kite.trade/?api_key=${apiKey}&access_token=${accessToken}`;
}

/** The HTTP status that the ticker answers an upgrade with. */
export async function upgradeStatus(app: App, accessToken: string): Promise<number> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  return (await call(tickerUrl(app, accessToken).replace('wss:', 'https:'), { headers })).status;
}
