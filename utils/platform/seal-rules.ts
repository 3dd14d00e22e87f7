import type { SealRule } from '../domain/seal.ts';

type Rule = chrome.declarativeNetRequest.Rule;

/**
 * Chromium: rules that hold also while the worker is dead and let our page take the redirect's place (from 128 on, where
 * rules can look at an answer's headers). `extensionPath` rather than a substitution, which would put the token into our URL.
 */
export async function setSealRules(wanted: readonly SealRule[]): Promise<void> {
  const { declarativeNetRequest } = chrome;
  const addRules = wanted.map(toRule);
  const known = await declarativeNetRequest.getDynamicRules();
  if (conditions(known) === conditions(addRules)) return;
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
    action: { type: 'redirect', redirect: { extensionPath: '/captured.html' } } as Rule['action'],
    condition: condition as Rule['condition'],
  };
}

/** What rules look at, as text that can be compared: Chromium gives rules, and a condition's keys, back in another order. */
function conditions(rules: readonly Rule[]): string {
  return rules
    .map(({ condition }) => JSON.stringify(Object.entries(condition).sort()))
    .sort()
    .join('\n');
}
