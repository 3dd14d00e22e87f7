import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Every script and style that a page of a built extension loads, by path: those it names, and what they import. */
export function filesOf(built: string, page: string): Map<string, string> {
  const html = readFileSync(join(built, page), 'utf8');
  const found = new Map<string, string>();
  const load = (path: string): void => {
    if (found.has(path)) return;
    const text = readFileSync(join(built, path), 'utf8');
    found.set(path, text);
    for (const [, target = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*[`"'](\.[^`"']+)[`"']/g))
      load(normalize(join(dirname(path), target)));
  };
  for (const [, path = ''] of html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) load(path);
  return found;
}
