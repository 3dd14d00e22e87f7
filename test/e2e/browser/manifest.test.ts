import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { BUILT, type Chromium, startChromium } from '../../support/browsers/chromium.ts';

const built = (browser: string) =>
  JSON.parse(readFileSync(join(BUILT, `../${browser}/manifest.json`), 'utf8')) as Record<string, unknown>;

describe('the built manifest asks for nothing at install (CAP-09, MSG-04, STR-01, UPD-04)', () => {
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

  it('shows one page to the broker’s redirect alone (LEAK-05)', () => {
    expect(built('chrome-mv3').web_accessible_resources).toEqual([
      {
        resources: ['captured.html'],
        matches: Object.values(brokers).flatMap(({ hosts }) => hosts.map((host) => `https://${host}/*`)),
        use_dynamic_url: true,
      },
    ]);
  });

  it('names the least version of each browser, which the documents name too', () => {
    const { minimum_chrome_version: chromium } = built('chrome-mv3');
    const { gecko, gecko_android: phone } = built('firefox-mv3').browser_specific_settings as Record<
      string,
      { strict_min_version: string }
    >;
    const least = [chromium, gecko?.strict_min_version, phone?.strict_min_version].map(Number);
    // https://developer.chrome.com/docs/extensions/reference/manifest/web-accessible-resources: use_dynamic_url from 130.
    expect(least).toEqual([130, 140, 142]);
    const documents = ['README.md', 'docs/browsers.md'].map((name) => readFileSync(join(BUILT, '../..', name), 'utf8'));
    for (const text of documents) {
      expect(text).toMatch(new RegExp(`Chromium from (version )?${least[0]}\\b`));
      expect(text).toMatch(new RegExp(`Firefox from (version )?${least[1]}\\b`));
    }
    expect(documents[1]).toContain(`Firefox for Android from ${least[2]}`);
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
