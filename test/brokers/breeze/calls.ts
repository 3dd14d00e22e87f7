import { createHash } from 'node:crypto';
import { type Called, call } from '../call.ts';
import type { App } from '../kite/practice.ts';

const ROOT = 'https://api.icicidirect.com/breezeapi/api/v1/';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Exchanges an apisession; needs the practice brokers reachable from this process. */
export function customerDetails(apiKey: string, apisession: string): Promise<Called> {
  const body = JSON.stringify({ SessionToken: apisession, AppKey: apiKey });
  return call(`${ROOT}customerdetails`, { headers: JSON_TYPE }, body);
}

/** A signed call with the session token of an exchange. */
export function signed(
  app: App,
  path: 'funds' | 'quotes',
  sessionToken: string,
  content: object = {},
): Promise<Called> {
  const body = JSON.stringify(content);
  const timestamp = `${new Date().toISOString().slice(0, 19)}.000Z`;
  const checksum = createHash('sha256')
    .update(timestamp + body + app.apiSecret)
    .digest('hex');
  const headers = {
    ...JSON_TYPE,
    'x-checksum': `token ${checksum}`,
    'x-timestamp': timestamp,
    'x-appkey': app.apiKey,
    'x-sessiontoken': sessionToken,
  };
  return call(ROOT + path, { headers }, body);
}
