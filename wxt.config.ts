/// <reference types="@wxt-dev/auto-icons" />
import { readFileSync } from 'node:fs';
import { defineConfig } from 'wxt';
import { collectNotices, noticesText } from './build/notices.ts';
import { permissionNames } from './build/permissions.ts';
import { popupFirst } from './build/popup-first.ts';
import { brokers } from './utils/shared/brokers/index.ts';

const BROKER_PAGES = Object.values(brokers).flatMap(({ hosts }) => hosts.map((host) => `https://${host}/*`));

// connect-src says what shared/urls.ts says: https, or http to this machine. Firefox would otherwise upgrade http.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  'connect-src https: http://127.0.0.1:* http://localhost:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The documents travel with the extension, so that reading one asks no network. The mark at its beginning says UTF-8. */
const DOCUMENTS = [
  ...['security', 'contract', 'clock', 'dashboards', 'browsers'].map((name) => [name, `docs/${name}.md`]),
  ['privacy', 'PRIVACY.md'],
  ['privacy.hi', 'PRIVACY.hi.md'],
  ['license', 'LICENSE'],
].map(([name, path = '']) => ({
  relativeDest: `docs/${name}.txt`,
  contents: `\uFEFF${readFileSync(new URL(path, import.meta.url), 'utf8')}`,
}));

const notices = collectNotices();

export default defineConfig({
  hooks: {
    'build:publicAssets': (_, files) => {
      files.push(...DOCUMENTS);
      // By now everything is bundled, so it is known whose code is in it.
      files.push({ relativeDest: 'docs/notices.txt', contents: `\uFEFF${noticesText(notices.packages())}` });
    },
  },
  modules: ['@wxt-dev/auto-icons'],
  autoIcons: { baseIconPath: 'public/icon.svg', sizes: [128, 48, 32, 16] },
  imports: false,
  vite: () => ({ plugins: [popupFirst(), notices.plugin] }),
  manifestVersion: 3,
  manifest: ({ browser }) => {
    const isFirefox = browser === 'firefox';
    return {
      default_locale: 'en',
      name: '__MSG_app_name__',
      description: '__MSG_app_description__',
      permissions: permissionNames('required', browser),
      optional_permissions: permissionNames('optional', browser),
      optional_host_permissions: ['https://*/*', 'http://*/*'],
      incognito: 'not_allowed',
      content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
      action: { default_title: '__MSG_app_name__', default_area: 'navbar' },
      commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+O' } } },
      // Only what takes the place of a sealed redirect, only for the brokers, and at an address that no page can guess.
      web_accessible_resources: [
        { resources: ['captured.html'], matches: BROKER_PAGES, ...(isFirefox ? {} : { use_dynamic_url: true }) },
      ],
      ...(isFirefox
        ? {
            browser_specific_settings: {
              gecko: {
                id: '{b0ba8f1e-5d2c-4a77-9c41-0e7d1b5e6a90}',
                strict_min_version: '140.0',
                data_collection_permissions: { required: ['none'], optional: ['authenticationInfo'] },
              },
              gecko_android: { strict_min_version: '142.0' },
            },
          }
        : { minimum_chrome_version: '130' }),
    };
  },
});
