import { isGranted } from '../accounts/hosts.ts';
import {
  COOKIES,
  DATA_CONSENT,
  HAS_CONTAINERS,
  NO_CONSENT_ASKED,
  NOTIFICATIONS,
} from '../accounts/permission-names.ts';
import { say } from '../base/words.ts';
import type { Overview } from './overview.ts';
import { routesShown } from './routes.ts';
import { titleOf } from './title.ts';

/** Something that the browser allows, or should: who needs it and why, and whether it is there. */
export interface PermissionRow {
  pattern: string;
  kind: 'host' | 'cookies' | 'notifications' | 'consent';
  needs: { who: string; reason: string }[];
  granted: boolean;
  /** The wider permission that covers this one; then it cannot be taken back by itself. */
  coveredBy: string | null;
}

/** Every permission that is needed or granted: what is missing first, what nothing needs any more last. */
export function permissionList(overview: Overview): PermissionRow[] {
  const needs = new Map<string, PermissionRow['needs']>();
  const need = (pattern: string, who: string, reason: string) => {
    const known = needs.get(pattern) ?? [];
    if (!known.some((one) => one.who === who && one.reason === reason)) known.push({ who, reason });
    needs.set(pattern, known);
  };
  for (const account of overview.accounts.flatMap(routesShown))
    for (const { pattern, reason } of account.hosts) need(pattern, titleOf(account), reason);
  for (const account of overview.accounts.filter(({ container }) => container?.isAllowed))
    need(COOKIES, titleOf(account), say('permission_containers_reason'));
  for (const { pattern, settings } of overview.dashboards.filter((one) => !one.settings.unconfirmed))
    need(pattern, say('permission_dashboard', settings.origin), say('permission_dashboard_reason'));
  if (overview.preferences.notify)
    need(NOTIFICATIONS, say('settings_reminders'), say('permission_notifications_reason'));
  const granted = new Set([
    ...overview.granted.filter((one) => one !== NO_CONSENT_ASKED && one !== HAS_CONTAINERS),
    ...(overview.canNotify ? [NOTIFICATIONS] : []),
  ]);
  const rows = [...new Set([...needs.keys(), ...granted])].map((pattern) => ({
    pattern,
    kind: kindOf(pattern),
    needs: needs.get(pattern) ?? [],
    granted: granted.has(pattern) || isGranted(granted, pattern),
    coveredBy: granted.has(pattern) ? null : coverOf(granted, pattern),
  }));
  return rows.sort((a, b) => rank(a) - rank(b) || (a.pattern < b.pattern ? -1 : 1));
}

function kindOf(pattern: string): PermissionRow['kind'] {
  if (pattern === COOKIES) return 'cookies';
  if (pattern === NOTIFICATIONS) return 'notifications';
  return pattern === DATA_CONSENT ? 'consent' : 'host';
}

function coverOf(granted: ReadonlySet<string>, pattern: string): string | null {
  if (kindOf(pattern) !== 'host') return null;
  const [scheme] = pattern.split(':');
  return [`${scheme}://*/*`, '*://*/*', '<all_urls>'].find((one) => granted.has(one)) ?? null;
}

function rank({ needs, granted }: PermissionRow): number {
  if (needs.length === 0) return 2;
  return granted ? 1 : 0;
}
