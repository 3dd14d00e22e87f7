import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { Account } from '../config/account.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Config } from '../config/config.ts';
import { basePath } from '../http/own-path.ts';
import { oneTimeKey } from './admin/admin.ts';

/** Addresses that sign the administrator in, each once: on this machine, and under the public name where there is one. */
export function signInLinks({ publicUrl }: Config, dataKey: Buffer, port: number, now: number): string[] {
  const places = [`http://127.0.0.1:${port}/`, ...(publicUrl === null ? [] : [baseOf(publicUrl)])];
  return places.map((place) => signInLink(place, dataKey, now));
}

/** Such an address; after the sign-in the login at `broker` begins. */
export function signInLink(place: string, dataKey: Buffer, now: number, broker?: AccountName): string {
  const login = broker === undefined ? '' : `&login=${broker}`;
  return `${place}admin/login#key=${oneTimeKey(dataKey, now)}${login}`;
}

/** The broker's login page. Where it asks for a consent first, our own login makes one and leads on. */
export function brokerLogin(account: Account, publicUrl: string | null, port: number): string {
  const { needsConsent, loginUrl } = brokers[brokerOf(account.name)];
  if (!needsConsent) return loginUrl({ ...account, state: null });
  const place = publicUrl === null ? `http://127.0.0.1:${port}/` : baseOf(publicUrl);
  return `${place}api/auth/login?broker=${account.name}`;
}

function baseOf(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  return `${origin}${basePath(pathname)}`;
}
