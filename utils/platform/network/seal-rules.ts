import type { SealRule } from '../../domain/capture/seal.ts';

type Rule = chrome.declarativeNetRequest.Rule;

// 2026-11, Chromium 156: the history file keeps every address that a load which succeeded was redirected from, so a sealed
// request must not end at a page that loads. There is none here; the listener then shows the one that stands in for it.
const NOWHERE = '/sealed';
const STAND_IN = '/captured.html';

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
  const hosts = [...rule.hosts];
  const condition =
    rule.kind === 'header'
      ? {
          requestDomains: hosts,
          responseHeaders: [{ header: 'location', values: rule.globs }],
          resourceTypes: ['main_frame'],
        }
      : { initiatorDomains: hosts, regexFilter: rule.regex, resourceTypes: ['main_frame'] };
  return {
    id: index + 1,
    priority: 1,
    action: {
      type: 'redirect',
      redirect: { extensionPath: rule.kind === 'header' ? STAND_IN : NOWHERE },
    } as Rule['action'],
    condition: condition as Rule['condition'],
  };
}

/** What rules look at and do, as text that can be compared: Chromium gives rules, and a condition's keys, back in another order. */
function contents(rules: readonly Rule[]): string {
  return rules
    .map(({ condition, action }) => JSON.stringify([Object.entries(condition).sort(), action.redirect?.extensionPath]))
    .sort()
    .join('\n');
}
