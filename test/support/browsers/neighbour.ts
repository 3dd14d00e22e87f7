import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSite } from '../backend/target.ts';
import { until } from '../until.ts';
import type { Tab } from './browser.ts';

/** A thing that the neighbour does with an address: to a new tab, the newest one, a window, from its own page, or by a rule. */
export type Deed =
  | { does: 'tabs.create' | 'tabs.update' | 'windows.create' | 'its own page'; url: string }
  /** Leads every page load that matches to that address, with these parameters changed. */
  | { does: 'a rule'; filter: string; url?: string; parameters?: { key: string; value: string }[] }
  | { does: 'no rule' };

/** Another extension in the same browser, with rights for this machine's hosts and for no broker's. */
export interface Neighbour {
  folder: string;
  /** A page where its script runs; the address needs our id behind a `#`. */
  site(): Promise<{ url: string }>;
  /** Says these messages to us, and waits until each was answered or refused. */
  say(tab: Tab, messages: readonly object[]): Promise<void>;
  /** Does this, from a page where its script runs, and waits until its interface has answered. */
  act(tab: Tab, deed: Deed): Promise<void>;
  remove(): void;
}

const HOSTS = ['http://localhost/*', 'http://127.0.0.1/*'];
const MANIFEST = {
  manifest_version: 3,
  name: 'Neighbour',
  version: '1.0',
  content_scripts: [{ matches: ['http://localhost/*'], js: ['neighbour.js'] }],
  permissions: ['declarativeNetRequest'],
  host_permissions: HOSTS,
  // Each browser takes the one that it knows.
  background: { service_worker: 'background.js', scripts: ['background.js'] },
  browser_specific_settings: { gecko: { id: 'neighbour@neighbour.example' } },
};

const SCRIPT = `
const us = location.hash.slice(1);
document.addEventListener('say', async ({ detail }) => {
  const said = JSON.parse(detail).map((message) =>
    Promise.resolve().then(() => chrome.runtime.sendMessage(us, message)).then(() => 'answered', () => 'refused'));
  document.documentElement.dataset.said = (await Promise.all(said)).join();
});
document.addEventListener('act', async ({ detail }) => {
  document.documentElement.dataset.did = await chrome.runtime.sendMessage(JSON.parse(detail));
});
document.documentElement.dataset.ready = 'yes';
`;

const BACKGROUND = `
const deeds = {
  'tabs.create': ({ url }) => chrome.tabs.create({ url }),
  'tabs.update': async ({ url }) => {
    const ids = (await chrome.tabs.query({})).map(({ id }) => id);
    await chrome.tabs.update(Math.max(...ids), { url });
  },
  'windows.create': ({ url }) => chrome.windows.create({ url }),
  'its own page': ({ url }) => chrome.tabs.create({ url: chrome.runtime.getURL('page.html') + '#' + url }),
  'a rule': ({ filter, url, parameters }) =>
    chrome.declarativeNetRequest.updateSessionRules({
      addRules: [{
        id: 1,
        condition: { urlFilter: filter, resourceTypes: ['main_frame'] },
        action: {
          type: 'redirect',
          redirect: url ? { url } : { transform: { queryTransform: { addOrReplaceParams: parameters } } },
        },
      }],
    }),
  'no rule': () => chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: [1] }),
};
chrome.runtime.onMessage.addListener((deed, _, answer) => {
  deeds[deed.does](deed).then(() => answer('done'), (error) => answer(String(error)));
  return true;
});
`;

const PAGE = '<!doctype html><title>Neighbour</title><script src="page.js"></script>';
const PAGE_SCRIPT = 'location.href = location.hash.slice(1);';

const FILES: Record<string, string> = {
  'manifest.json': JSON.stringify(MANIFEST),
  'neighbour.js': SCRIPT,
  'background.js': BACKGROUND,
  'page.html': PAGE,
  'page.js': PAGE_SCRIPT,
};

export function makeNeighbour(): Neighbour {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-neighbour-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const sites: { close(): Promise<void> }[] = [];
  return {
    folder,
    async site() {
      const site = await startSite(() => '<!doctype html><title>somewhere</title>');
      sites.push(site);
      return site;
    },
    async say(tab, messages) {
      const said = await tell(tab, 'say', messages, 'said');
      if (said.split(',').length !== messages.length) throw new Error(`the neighbour said ${said}`);
    },
    async act(tab, deed) {
      const did = await tell(tab, 'act', deed, 'did');
      if (did !== 'done') throw new Error(`the neighbour: ${did}`);
    },
    remove() {
      for (const site of sites) void site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Hands something to the neighbour's script on a page, and waits for its word on it. */
async function tell(tab: Tab, event: string, detail: object, answer: 'said' | 'did'): Promise<string> {
  await tab.waitForSelector('[data-ready]');
  await tab.evaluate(
    ({ name, text, key }) => {
      delete document.documentElement.dataset[key];
      document.dispatchEvent(new CustomEvent(name, { detail: text }));
    },
    { name: event, text: JSON.stringify(detail), key: answer },
  );
  return until(
    () => tab.evaluate((key) => document.documentElement.dataset[key] ?? '', answer),
    (text) => text !== '',
  );
}
