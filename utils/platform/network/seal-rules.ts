import type { SealRule } from '../../domain/capture/seal.ts';

type Rule = chrome.declarativeNetRequest.Rule;

const STAND_IN = '/captured.html';

/**
 * Where a sealed request ends: a port that browsers open no connection to (https://fetch.spec.whatwg.org/#port-blocking),
 * so that its headers can still be seen and nothing reaches the network. 2026-11, Chromium 156: the history file keeps
 * every address that a load which succeeded was redirected from, so it must not end at a page that loads.
 */
const NOWHERE = { port: '1', path: '/sealed' };

/** Whether a request was sent there by a rule of ours. */
export function isNowhere(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { port, pathname } = new URL(text);
  return port === NOWHERE.port && pathname === NOWHERE.path;
}

/**
 * Chromium: rules that hold also while the worker is dead and let our page take the redirect's place (from 128 on, where
 * rules can look at an answer's headers). `extensionPath` rather than a substitution, which would put the token into our URL.
 */
export async function setSealRules(wanted: readonly SealRule[]): Promise<void> {
  const { declarativeNetRequest } = chrome;
  const addRules = wanted.map(toRule);
  const known = await declarativeNetRequest.getDynamicRules();
  if (contents(known) === contents(addRules)) return;
  await declarativeNetRequest.updateDynamicRules({ removeRuleIds: known.map(({ id }) => id), addRules });
}

function toRule(rule: SealRule, index: number): Rule {
  return {
    id: index + 1,
    priority: 1,
    action: { type: 'redirect', redirect: targetOf(rule) } as Rule['action'],
    condition: { ...conditionOf(rule), resourceTypes: ['main_frame'] } as Rule['condition'],
  };
}

function targetOf(rule: SealRule): chrome.declarativeNetRequest.Redirect {
  if (rule.kind === 'header') return { extensionPath: STAND_IN };
  const { protocol, hostname } = new URL(rule.place);
  return { url: `${protocol}//${hostname}:${NOWHERE.port}${NOWHERE.path}` };
}

function conditionOf(rule: SealRule): object {
  return rule.kind === 'header'
    ? { requestDomains: [...rule.hosts], responseHeaders: [{ header: 'location', values: rule.globs }] }
    : { initiatorDomains: [...rule.hosts], regexFilter: rule.regex, isUrlFilterCaseSensitive: true };
}

/** What rules look at and do, as text that can be compared: Chromium gives rules, and a condition's keys, back in another order. */
function contents(rules: readonly Rule[]): string {
  return rules
    .map(({ condition, action }) =>
      JSON.stringify([Object.entries(condition).sort(), action.redirect?.extensionPath, action.redirect?.url]),
    )
    .sort()
    .join('\n');
}
