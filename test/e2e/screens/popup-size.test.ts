import { describe, expect, it } from 'vitest';
import { BUILT } from '../../support/browsers/chromium.ts';
import { filesOf } from '../../support/browsers/page-files.ts';

/** The files of a page that hold a schema: every one of zod's carries this name. */
const withZod = (page: string) =>
  [...filesOf(BUILT, page)].filter(([, text]) => text.includes('_zod')).map(([path]) => path);

describe('what the popup loads', () => {
  it('is two scripts and one sheet of styles, and no zod', () => {
    const files = [...filesOf(BUILT, 'popup.html').keys()];
    expect(files.map((path) => path.replace(/^.*\./, '')).sort()).toEqual(['css', 'js', 'js']);
    expect(withZod('popup.html')).toEqual([]);
  });

  it('is told from what the settings load, which hold it', () => {
    expect(withZod('options.html')).not.toEqual([]);
  });
});
