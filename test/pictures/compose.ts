import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const ICON = readFileSync(join(import.meta.dirname, '../../public/icon.svg')).toString('base64');
const STYLE = `
  * { box-sizing: border-box }
  body { margin: 0; height: 100vh; display: flex; gap: 4vw; align-items: center; justify-content: center; padding: 4vh 5vw;
    background: #e9eef5; color: #1b2733; font: 2.6vw/1.35 'Noto Sans', 'Noto Sans Devanagari', sans-serif }
  .words { flex: 1 }
  h1 { font-size: 1.7em; line-height: 1.15; margin: .3em 0 }
  p { margin: 0 }
  .icon { width: 3.2em }
  .shot { max-width: 52vw; max-height: 92vh; border-radius: 10px; box-shadow: 0 6px 24px #0003 }
`;

export interface Words {
  title: string;
  text: string;
}

/** A picture of this size: words on one side, and what was taken of the real product on the other. */
export async function compose(
  page: Page,
  size: { width: number; height: number },
  { title, text }: Words,
  shot: Buffer | null,
): Promise<Buffer> {
  await page.setViewportSize(size);
  const picture = shot ? `<img class="shot" alt="" src="data:image/png;base64,${shot.toString('base64')}">` : '';
  await page.setContent(
    `<!doctype html><style>${STYLE}</style><div class="words"><img class="icon" alt="" src="data:image/svg+xml;base64,${ICON}">
    <h1>${title}</h1><p>${text}</p></div>${picture}`,
    { waitUntil: 'load' },
  );
  return page.screenshot();
}
