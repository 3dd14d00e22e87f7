import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { killWorker, launch } from '../../support/browsers/chromium.ts';
import { removeProfile } from '../../support/browsers/remove-profile.ts';

/** The files of a small extension, by name. */
type Files = Record<string, string>;

const HOSTS = ['https://kite.zerodha.com/*', 'http://127.0.0.1/*'];
const COMMON = { manifest_version: 3, version: '1.0', host_permissions: HOSTS };

/**
 * The floor: the least that a durable way from the broker's header to a backend can be. A worker hears the redirect, writes
 * the token once and posts it. It knows no account, checks nothing and repeats nothing.
 */
export function floor(url: string): Files {
  const worker = `
chrome.webRequest.onHeadersReceived.addListener(
  async ({ responseHeaders = [] }) => {
    const to = responseHeaders.find(({ name }) => name.toLowerCase() === 'location')?.value ?? '';
    const token = /[?&]request_token=(\\w+)/.exec(to)?.[1];
    if (!token) return;
    await chrome.storage.session.set({ token });
    await fetch(${JSON.stringify(url)}, { method: 'POST', body: JSON.stringify({ token }) });
  },
  { urls: ['https://kite.zerodha.com/*'], types: ['main_frame'] },
  ['responseHeaders'],
);`;
  const manifest = {
    ...COMMON,
    name: 'Floor',
    permissions: ['storage', 'webRequest'],
    background: { service_worker: 'worker.js' },
  };
  return { 'manifest.json': JSON.stringify(manifest), 'worker.js': worker, 'page.html': '<!doctype html>' };
}

/** What most would write: a content script on the redirect's page, at the usual moment, that posts the token. */
export function contentScript(url: string): Files {
  const script = `
const token = new URLSearchParams(location.search).get('request_token');
if (token) void fetch(${JSON.stringify(url)}, { method: 'POST', body: JSON.stringify({ token }) });`;
  const manifest = {
    ...COMMON,
    name: 'Content script',
    content_scripts: [{ matches: ['http://127.0.0.1/*'], js: ['script.js'], run_at: 'document_idle' }],
  };
  return { 'manifest.json': JSON.stringify(manifest), 'script.js': script };
}

export interface Bare {
  context: BrowserContext;
  /** The extension's own page.html; an empty tab where it has none. */
  page: Page;
  killWorker(): Promise<void>;
  close(): Promise<void>;
}

/** A browser with such an extension, or with the one in a folder, or with none. */
export async function startBare(brokers: PracticeBrokers | null, from: Files | string | null): Promise<Bare> {
  const profile = mkdtempSync(join(tmpdir(), 'opening-bell-bare-'));
  const isWritten = from !== null && typeof from !== 'string';
  const extension = isWritten ? written(from) : from;
  const words = extension === null ? [] : [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`];
  const context = await launch(profile, brokers === null ? {} : { brokers }, words);
  const page = await context.newPage();
  if (isWritten && 'page.html' in from) await page.goto(await addressOf(context, 'page.html'));
  const cdp = await context.newCDPSession(page);
  return {
    context,
    page,
    killWorker: () => killWorker(cdp, page),
    async close() {
      await context.close();
      removeProfile(profile);
      if (isWritten && extension !== null) rmSync(extension, { recursive: true, force: true });
    },
  };
}

function written(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-bare-extension-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function addressOf(context: BrowserContext, path: string): Promise<string> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  return new URL(path, worker.url()).href;
}
