import type { Page } from 'playwright-core';

/**
 * What a person could not see or reach as a page stands now, each as a sentence: text beside the window or cut off, a
 * control that nothing is left of or that lies under something, one whose focus does not show. It runs in the page, with
 * its document or with a tree of its own, and may use nothing around it.
 */
function unseenIn(root: Document | ShadowRoot): string[] {
  const page = document.documentElement;
  const found: string[] = [];
  const nameOf = (one: Element) => (one.cloneNode(false) as Element).outerHTML.slice(0, 90);
  const isHidden = (one: Element) =>
    one.closest('.visually-hidden, [hidden]') !== null || !one.checkVisibility({ visibilityProperty: true });
  // What can be scrolled to inside its own box is not cut off.
  const scrolls = (one: Element) => one.closest('.scrolls, textarea') !== null;

  const wider = page.scrollWidth - page.clientWidth;
  if (wider > 0) found.push(`the page is ${wider} px wider than its window`);

  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const around = text.parentElement;
    if (!around || !text.textContent?.trim() || around.closest('style, option') || isHidden(around)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { left, right } = range.getBoundingClientRect();
    const box = around.closest('button, .pill, .card, .note, dialog')?.getBoundingClientRect();
    const [from, to] = [Math.max(box?.left ?? 0, 0), Math.min(box?.right ?? page.clientWidth, page.clientWidth)];
    if (!scrolls(around) && (left < from - 0.5 || right > to + 0.5))
      found.push(`${text.textContent.trim()} reaches out of its box in ${nameOf(around)}`);
    const { overflowX, textOverflow } = getComputedStyle(around);
    if (around.scrollWidth > around.clientWidth + 1 && (overflowX === 'hidden' || textOverflow === 'ellipsis'))
      found.push(`${text.textContent.trim()} is cut off in ${nameOf(around)}`);
  }

  for (const control of root.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, summary')) {
    if (isHidden(control)) continue;
    control.scrollIntoView({ block: 'center', inline: 'nearest' });
    // A link over two lines has two of them, and a box with holes around both.
    const [line = control.getBoundingClientRect()] = control.getClientRects();
    const { left, top, width, height } = line;
    const at = root.elementFromPoint(left + Math.min(width / 2, 40), top + height / 2);
    if (width < 10 || height < 10) found.push(`too small to press: ${nameOf(control)}`);
    else if (!control.contains(at)) found.push(`out of sight: ${nameOf(control)}`);
    if (control.matches(':disabled')) continue;
    control.focus();
    if (!control.matches(':focus')) {
      found.push(`takes no focus: ${nameOf(control)}`);
      continue;
    }
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(control);
    const isDrawn = outlineStyle !== 'none' && outlineWidth !== '0px' && !outlineColor.endsWith(', 0)');
    if (!isDrawn) found.push(`its focus does not show: ${nameOf(control)}`);
  }
  scrollTo(0, 0);
  return found;
}

/** The same of a whole page, for a person at the keyboard. */
export async function unseen(page: Page): Promise<string[]> {
  await page.bringToFront();
  // A focus is drawn where the last to be touched was a key.
  await page.keyboard.press('Tab');
  return page.evaluate<string[]>(`(${unseenIn})(document)`);
}

/** The same of the dialog in a page's closed tree, which the developer protocol alone sees into. */
export async function unseenInDialog(page: Page): Promise<string[]> {
  return inDialog(page, `(root) => (${unseenIn})(root)`);
}

/** What a function in the page makes of the tree of our dialog there. */
export async function inDialog<T>(page: Page, of: string): Promise<T> {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { root } = await cdp.send('DOM.getDocument', { depth: -1, pierce: true });
    const html = root.children?.find(({ nodeName }) => nodeName === 'HTML');
    const shadow = html?.children?.find(({ nodeName }) => nodeName === 'OPENING-BELL')?.shadowRoots?.[0];
    if (!shadow) throw new Error('there is no dialog');
    const { object } = await cdp.send('DOM.resolveNode', { backendNodeId: shadow.backendNodeId });
    const { result, exceptionDetails } = await cdp.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: `function () { return (${of})(this); }`,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  } finally {
    await cdp.detach();
  }
}
