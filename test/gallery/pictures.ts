import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { type GalleryBrowser, WIDTH } from './browse.ts';
import type { Look } from './look.ts';
import { packed } from './png.ts';

/** A picture that is kept: of a group, or of the one state that the README shows. */
export interface Picture {
  name: string;
  path: string;
  look: Partial<Look>;
  /** In its true colours, for people. */
  isExact: boolean;
}

const KEPT = join(import.meta.dirname, 'pictures');
const README = join(import.meta.dirname, '../../docs/popup.png');
const FOUND = join(import.meta.dirname, '../../.output/visual');
const IN_HINDI = ['popup', 'statuses', 'history', 'welcome', 'sections', 'outcomes'];
/** The part of its pixels in which a picture may differ. */
const TOLERATED = 0.001;

/** Every picture that is kept: in light all states of a group, in dark and in Hindi the few that stand for them. */
export async function picturesOf(browser: GalleryBrowser): Promise<Picture[]> {
  const groups = await browser.groups();
  return [
    ...groups.flatMap(({ name: group, isLarge }) => [
      kept(group, { group, state: isLarge ? 'few' : null }),
      kept(`${group}-dark`, { group, state: 'few', theme: 'dark' }),
      ...(IN_HINDI.includes(group) ? [kept(`${group}-hi`, { group, state: 'few', lang: 'hi' })] : []),
    ]),
    { name: 'readme', path: README, look: { group: 'popup', state: 'two accounts' }, isExact: true },
  ];
}

function kept(name: string, look: Partial<Look>): Picture {
  return { name, path: join(KEPT, `${name}.png`), look, isExact: false };
}

/** How a look is drawn now. */
export async function draw(browser: GalleryBrowser, { look, isExact }: Picture): Promise<Buffer> {
  const page = await browser.open(look);
  const target = page.locator(isExact ? '.gallery-state' : '.gallery-frames');
  const box = await target.boundingBox();
  // What sticks to the window's edge has to find all of the page in it.
  await page.setViewportSize({ width: WIDTH, height: Math.ceil((box?.height ?? 0) + 100) });
  const picture = await target.screenshot({ animations: 'disabled', caret: 'hide', timeout: 0 });
  return isExact ? picture : packed(picture);
}

/** Null where the picture is as it is kept, or how it differs, with both written down to be looked at. */
export function compare({ name, path }: Picture, drawn: Buffer): string | null {
  for (const file of [`${name}.png`, `${name}-diff.png`]) rmSync(join(FOUND, file), { force: true });
  const kept = readFileSync(path);
  if (kept.equals(drawn)) return null;
  const expected = PNG.sync.read(kept);
  const actual = PNG.sync.read(drawn);
  const { width, height } = expected;
  const isSameSize = width === actual.width && height === actual.height;
  const diff = new PNG({ width, height });
  const wrong = isSameSize
    ? pixelmatch(expected.data, actual.data, diff.data, width, height, { threshold: 0.1 })
    : width * height;
  if (wrong <= TOLERATED * width * height) return null;
  mkdirSync(FOUND, { recursive: true });
  writeFileSync(join(FOUND, `${name}.png`), drawn);
  if (isSameSize) writeFileSync(join(FOUND, `${name}-diff.png`), PNG.sync.write(diff));
  const how = isSameSize
    ? `${wrong} of ${width * height} pixels differ, see ${name}-diff.png`
    : `it is ${actual.width} by ${actual.height} instead of ${width} by ${height}`;
  return `${name}: ${how}. The new picture is .output/visual/${name}.png. If it is right: npm run gallery -- --update`;
}

/** Draws every picture anew and keeps those that differ, so that nothing is renewed for noise. */
export async function renew(browser: GalleryBrowser): Promise<string[]> {
  mkdirSync(KEPT, { recursive: true });
  const renewed: string[] = [];
  for (const picture of await picturesOf(browser)) {
    const drawn = await draw(browser, picture);
    if (isKept(picture, drawn)) continue;
    writeFileSync(picture.path, drawn);
    renewed.push(picture.name);
  }
  return renewed;
}

function isKept(picture: Picture, drawn: Buffer): boolean {
  try {
    return compare(picture, drawn) === null;
  } catch {
    return false;
  }
}
