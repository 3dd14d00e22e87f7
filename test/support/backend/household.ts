import { type AccountName, brokerOf } from '../../../backend/src/config/account-name.ts';
import { accountVariables, listVariable } from '../../../backend/src/config/settings.ts';
import type { App, PracticeBrokers } from '../../brokers/index.ts';
import { BREEZE, KITE } from '../../flow/backend/harness.ts';

/** Eight accounts of two brokers: one's own, and those of a family. */
export const NAMES = ['zerodha', 'zerodha-spouse', 'zerodha-huf', 'zerodha-friend'].flatMap((name) => [
  name as AccountName,
  name.replace('zerodha', 'icici') as AccountName,
]);

/** The app of an account at its broker, with a user of its own. */
export function appOf(name: AccountName): App {
  const number = NAMES.indexOf(name);
  const own = { zerodha: KITE, icici: BREEZE }[name as string] ?? {
    apiKey: `key${number}`,
    apiSecret: `secret-of-${number}`,
    userId: `US100${number}`,
  };
  return { redirectUrl: 'http://127.0.0.1/', ...own };
}

/** What such a backend is told: keys, secrets and users. */
export function householdEnv(names: readonly AccountName[] = NAMES): Record<string, string> {
  const env: Record<string, string> = {};
  for (const broker of ['zerodha', 'icici'] as const) {
    const further = names.filter((name) => name.startsWith(`${broker}-`));
    env[listVariable(broker)] = further.map((name) => name.slice(broker.length + 1)).join(',');
  }
  for (const name of names) {
    const { apiKey, apiSecret, userId } = appOf(name);
    const [key = '', secret = '', user = ''] = accountVariables(name);
    Object.assign(env, { [key]: apiKey, [secret]: apiSecret, [user]: userId });
  }
  return env;
}

export function registerHousehold(brokers: PracticeBrokers, names: readonly AccountName[] = NAMES): void {
  for (const name of names) brokers.book(brokerOf(name)).register(appOf(name));
}

/** The access token that the broker has given this account's app for its own user, or null. */
export function heldAtBroker(brokers: PracticeBrokers, name: AccountName): string | null {
  const { apiKey, userId } = appOf(name);
  const isOwn = (one: { apiKey: string; userId: string }) => one.apiKey === apiKey && one.userId === userId;
  if (brokerOf(name) === 'zerodha') return [...brokers.kite.sessions.values()].find(isOwn)?.accessToken ?? null;
  const session = brokers.breeze.find(isOwn);
  return session && Buffer.from(`${session.userId}:${session.sessionKey}`).toString('base64');
}
