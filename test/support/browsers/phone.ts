import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a browser on a phone does not have. 2026-11, Firefox for Android:
 * https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Browser_support_for_JavaScript_APIs
 */
const MISSING = ['contextMenus', 'menus', 'windows'];

/** The built extension, its background run without what a phone lacks; `remove` deletes the folder. */
export function builtForPhone(built: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-phone-'));
  cpSync(built, folder, { recursive: true });
  const script = join(folder, 'background.js');
  const taking = `for (const api of [globalThis.browser, globalThis.chrome])
  for (const name of ${JSON.stringify(MISSING)})
    if (api) Object.defineProperty(api, name, { value: undefined, configurable: true });\n`;
  writeFileSync(script, taking + readFileSync(script, 'utf8'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
