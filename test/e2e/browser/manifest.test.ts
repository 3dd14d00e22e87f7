import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT, type Chromium, startChromium } from '../../support/browsers/chromium.ts';

const built = (browser: string) =>
  JSON.parse(readFileSync(join(BUILT, `../${browser}/manifest.json`), 'utf8')) as Record<string, unknown>;

describe('the built manifest asks for nothing at install', () => {
  const SILENT = [
    'alarms',
    'storage',
    'webRequest',
    'scripting',
    'declarativeNetRequestWithHostAccess',
    'contextMenus',
  ];

  it.each([
    ['chrome-mv3', SILENT],
    ['firefox-mv3', [...SILENT, 'webRequestBlocking']],
  ])('%s', (browser, permissions) => {
    expect(built(browser)).toMatchObject({
      manifest_version: 3,
      permissions,
      optional_permissions: ['notifications', 'cookies'],
      optional_host_permissions: ['https://*/*', 'http://*/*'],
      incognito: 'not_allowed',
    });
    expect(built(browser)).not.toHaveProperty('host_permissions');
    expect(built(browser)).not.toHaveProperty('content_scripts');
    expect(built(browser)).not.toHaveProperty('externally_connectable');
  });

  it('shows one page to the broker’s redirect alone', () => {
    expect(built('chrome-mv3').web_accessible_resources).toEqual([
      {
        resources: ['captured.html'],
        matches: ['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*'],
        use_dynamic_url: true,
      },
    ]);
  });

  describe('in Chromium itself', () => {
    let chromium: Chromium;
    beforeAll(async () => {
      chromium = await startChromium();
    });
    afterAll(() => chromium.close());

    it('an installer reads no warning, and a host would have been one', async () => {
      const warnings = (manifest: unknown) =>
        chromium.options.evaluate(
          (text) => chrome.management.getPermissionWarningsByManifest(text),
          JSON.stringify(manifest),
        );
      const manifest = built('chrome-mv3');
      expect(await warnings(manifest)).toEqual([]);
      expect(await warnings({ ...manifest, host_permissions: ['https://kite.zerodha.com/*'] })).not.toEqual([]);
    });

    it('holds no host after the install', async () => {
      expect(await chromium.options.evaluate(async () => (await chrome.permissions.getAll()).origins)).toEqual([]);
    });
  });
});
