import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT } from '../support/chromium.ts';

/** Every script that a page of ours loads: those it names, and what they import. */
function scriptsOf(page: string): Map<string, string> {
  const html = readFileSync(join(BUILT, page), 'utf8');
  const found = new Map<string, string>();
  const load = (path: string): void => {
    if (found.has(path)) return;
    const text = readFileSync(join(BUILT, path), 'utf8');
    found.set(path, text);
    for (const [, target = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*[`"'](\.[^`"']+)[`"']/g))
      load(normalize(join(dirname(path), target)));
  };
  for (const [, path = ''] of html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) load(path);
  return found;
}

/** What every schema of zod carries. */
const holdsZod = (scripts: Map<string, string>) =>
  [...scripts].filter(([, text]) => text.includes('_zod')).map(([path]) => path);

describe('what the popup loads', () => {
  it('is scripts that hold no zod', () => {
    const scripts = scriptsOf('popup.html');
    expect(scripts.size).toBeGreaterThan(0);
    expect(holdsZod(scripts)).toEqual([]);
  });

  it('is told from what the settings load, which hold it', () => {
    expect(holdsZod(scriptsOf('options.html'))).not.toEqual([]);
  });
});
