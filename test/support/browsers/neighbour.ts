import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSite } from '../backend/target.ts';
import { until } from '../until.ts';
import type { Tab } from './browser.ts';

/** Another extension in the same browser, whose script on a page says to us whatever it is told to. */
export interface Neighbour {
  folder: string;
  /** A page where its script runs; the address needs our id behind a `#`. */
  site(): Promise<{ url: string }>;
  /** Says these messages to us, and waits until each was answered or refused. */
  say(tab: Tab, messages: readonly object[]): Promise<void>;
  remove(): void;
}

const MANIFEST = {
  manifest_version: 3,
  name: 'Neighbour',
  version: '1.0',
  content_scripts: [{ matches: ['http://localhost/*'], js: ['neighbour.js'] }],
  host_permissions: ['http://localhost/*'],
  browser_specific_settings: { gecko: { id: 'neighbour@neighbour.example' } },
};

const SCRIPT = `
const us = location.hash.slice(1);
document.addEventListener('say', async ({ detail }) => {
  const said = JSON.parse(detail).map((message) =>
    Promise.resolve().then(() => chrome.runtime.sendMessage(us, message)).then(() => 'answered', () => 'refused'));
  document.documentElement.dataset.said = (await Promise.all(said)).join();
});
document.documentElement.dataset.ready = 'yes';
`;

export function makeNeighbour(): Neighbour {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-neighbour-'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'neighbour.js'), SCRIPT);
  const sites: { close(): Promise<void> }[] = [];
  return {
    folder,
    async site() {
      const site = await startSite(() => '<!doctype html><title>somewhere</title>');
      sites.push(site);
      return site;
    },
    async say(tab, messages) {
      await tab.waitForSelector('[data-ready]');
      await tab.evaluate(
        (text) => void document.dispatchEvent(new CustomEvent('say', { detail: text })),
        JSON.stringify(messages),
      );
      const said = await until(
        () => tab.evaluate(() => document.documentElement.dataset.said ?? ''),
        (text) => text !== '',
      );
      if (said.split(',').length !== messages.length) throw new Error(`the neighbour said ${said}`);
    },
    remove() {
      for (const site of sites) void site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
