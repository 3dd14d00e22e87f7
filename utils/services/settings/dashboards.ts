import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { type Dashboard, type DashboardForm, dashboardPattern } from '../../domain/dashboards/dashboard.ts';
import { revokeHost } from '../../platform/runtime/permissions.ts';
import type { PageScript } from '../../platform/runtime/scripts.ts';
import { locked } from '../../platform/storage/lock.ts';
import { recordId } from '../../platform/storage/random.ts';
import { hostPattern } from '../../shared/urls.ts';
import { readAll, removeLost, removeDashboard as removeRecord, writeDashboard } from '../store/store.ts';

/** Switches a dashboard on, or changes one. */
export function saveDashboard(id: string | null, form: DashboardForm): Promise<Checked<Dashboard>> {
  return locked(async () => {
    const { accounts, dashboards } = await readAll();
    const known = dashboards.find((one) => one.id === id) ?? null;
    const problemOf = (field: string, message: string): Checked<never> => ({
      ok: false,
      problems: [{ field, message }],
    });
    if (id !== null && !known) return problemOf('id', say('problem_gone'));
    if (!accounts.some((one) => one.id === form.account)) return problemOf('account', say('problem_gone'));
    if (dashboards.some((one) => one.id !== id && one.origin === form.origin))
      return problemOf('origin', say('problem_switched_on'));
    const ours = { id: known?.id ?? recordId(), createdAt: known?.createdAt ?? Date.now() };
    const dashboard = { ...form, ...ours };
    await writeDashboard(dashboard);
    return { ok: true, value: dashboard };
  });
}

/** Switches a dashboard off: its scripts go with it, and the permission where nothing else needs that host. */
export function removeDashboard(id: string): Promise<Checked<Dashboard>> {
  return locked(async () => {
    const stored = await readAll();
    const known = stored.dashboards.find((one) => one.id === id);
    if (!known) return { ok: false, problems: [{ field: 'id', message: say('problem_gone') }] };
    await removeRecord(id);
    await removeLost(id);
    await dropHostsOf([known]);
    return { ok: true, value: known };
  });
}

/** Gives back the hosts of dashboards that are gone, but for those that something else needs; under the lock. */
export async function dropHostsOf(gone: readonly Dashboard[]): Promise<void> {
  const { accounts, destinations, dashboards } = await readAll();
  const needed = new Set(
    [
      ...accounts.map(({ redirectUrl }) => redirectUrl),
      ...destinations.map(({ url }) => url),
      ...dashboards.map(({ origin }) => origin),
    ].map(hostPattern),
  );
  for (const pattern of new Set(gone.map(({ origin }) => hostPattern(origin))))
    if (!needed.has(pattern)) await revokeHost(pattern).catch(() => false);
}

/** The two scripts of a dashboard that is on: the hold in the page's world, and the one that speaks with it and with us. */
export function dashboardScripts({ id, origin, unconfirmed }: Dashboard): PageScript[] {
  if (unconfirmed) return [];
  const matches = [dashboardPattern(origin, !import.meta.env.FIREFOX)];
  return [
    { id: `dashboard-${id}`, file: 'dashboard.js', matches, first: true },
    { id: `hold-${id}`, file: 'hold.js', matches, first: true, world: 'MAIN' },
  ];
}
