import { menuFor } from '../../domain/accounts/menu.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import { sealRules } from '../../domain/capture/seal.ts';
import { setSealRules } from '../../platform/network/seal-rules.ts';
import { type PageScript, setPageScripts } from '../../platform/runtime/scripts.ts';
import { locked } from '../../platform/storage/lock.ts';
import { setMenu } from '../../platform/toolbar/menu.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { pagePatterns } from '../../shared/urls.ts';
import { readAll } from '../store/store.ts';
import { dashboardScripts } from './dashboards.ts';

/** Makes the browser's rules, content scripts and menu what the accounts need; derived anew at every start and change. */
export function watch(): Promise<void> {
  return locked(async () => {
    const stored = await readAll();
    const accounts = stored.accounts;
    if (!import.meta.env.FIREFOX) await setSealRules(sealRules(accounts));
    await setPageScripts([...redirectScript(accounts), ...stored.dashboards.flatMap(dashboardScripts)]);
    await setMenu(menuFor(accounts, (broker) => brokers[broker].name));
  });
}

/** One for all accounts: of two at one redirect page, each script would report it and show its note. */
function redirectScript(accounts: readonly Account[]): PageScript[] {
  const matches = [...new Set(accounts.flatMap(redirectPatterns))];
  return matches.length > 0 ? [{ id: 'redirect', file: 'redirect.js', matches }] : [];
}

/**
 * Where a redirect page really loads, and never on a broker's host (CAP-11). One that is never opened loads where its own
 * service worker hides the request from every rule (2026-11, Chromium 156 and Firefox 153).
 */
function redirectPatterns({ mode, paused, redirectUrl }: Account): string[] {
  const { hostname } = new URL(redirectUrl);
  const isBrokers = Object.values(brokers).some(({ hosts }) => hosts.includes(hostname));
  if (mode === 'observe' || paused || isBrokers) return [];
  return pagePatterns(redirectUrl);
}
