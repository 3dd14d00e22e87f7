import { browser } from '../browser.ts';

// Beside no other session rules of ours; one call to a destination at a time, but several destinations at once.
let nextId = 1;

/**
 * Runs a call of ours to this one address as if its own page made it. 2026-11: an extension cannot set Origin or Referer on
 * a fetch, and Django from version 4 refuses ours whatever cookies and token it carries. The rule holds for calls that
 * this extension makes (its host as initiator, measured in both browsers) and goes with the call.
 */
export async function withOwnOrigin<T>(address: string, call: () => Promise<T>): Promise<T> {
  const { origin, href } = new URL(address);
  const id = nextId++;
  const requestHeaders = [
    { header: 'origin', operation: 'set' as const, value: origin },
    { header: 'referer', operation: 'set' as const, value: href },
  ];
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [id],
    addRules: [
      {
        id,
        action: { type: 'modifyHeaders', requestHeaders },
        condition: {
          urlFilter: `|${href}|`,
          initiatorDomains: [location.hostname],
          resourceTypes: ['xmlhttprequest'],
        },
      },
    ],
  });
  try {
    return await call();
  } finally {
    // The answer counts more than a rule that the next start removes.
    await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [id] }).catch(() => undefined);
  }
}
