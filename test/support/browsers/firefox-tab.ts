import { HANGS_MS, until } from '../until.ts';
import type { Bidi } from './bidi.ts';
import type { Tab } from './browser.ts';

// https://www.w3.org/TR/webdriver2/#keyboard-actions
const KEYS = { Enter: '\uE007', Escape: '\uE00C' };

/** A tab of Firefox. */
export function createTab(bidi: Bidi, context: string): Tab {
  const call = <T>(method: string, parameters: object = {}) => bidi.call<T>(method, { context, ...parameters });
  const tab: Tab = {
    async goto(url) {
      const isWithin = url.includes('#') && url.split('#')[0] === (await tab.url()).split('#')[0];
      if (!isWithin) await markLeft();
      await call('browsingContext.navigate', { url, wait: 'none' });
      await loaded();
    },
    async url() {
      const tree = await call<{ contexts: { url: string }[] }>('browsingContext.getTree', { root: context });
      return tree.contexts[0]?.url ?? '';
    },
    async click(selector) {
      await tab.waitForSelector(selector);
      await tab.bringToFront();
      const located = await call<{ nodes: { sharedId: string }[] }>('browsingContext.locateNodes', {
        locator: { type: 'css', value: selector },
        maxNodeCount: 1,
      });
      const origin = { type: 'element', element: { sharedId: located.nodes[0]?.sharedId } };
      await tab.evaluate((at) => document.querySelector(at)?.scrollIntoView({ block: 'center' }), selector);
      const actions = [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await call('input.performActions', { actions: [{ type: 'pointer', id: 'mouse', actions }] });
    },
    async press(selector, key) {
      await tab.waitForSelector(selector);
      await tab.bringToFront();
      const value = KEYS[key];
      const actions = [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ];
      await call('input.performActions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
    },
    fill: (selector, text) => setValue(selector, text, 'input'),
    selectOption: (selector, value) => setValue(selector, value, 'change'),
    async waitForSelector(selector, { timeout = HANGS_MS } = {}) {
      // A page on its way out cannot be asked.
      const isThere = () => tab.evaluate((at) => document.querySelector(at) !== null, selector).catch(() => false);
      await until(isThere, (found) => found, timeout);
    },
    innerText: (selector) => tab.evaluate((at) => document.querySelector<HTMLElement>(at)?.innerText ?? '', selector),
    title: () => tab.evaluate(() => document.title),
    evaluate: <T>(run: unknown, argument?: unknown): Promise<T> =>
      bidi.evaluate(
        context,
        typeof run === 'string' ? run : `(${run})(${argument === undefined ? '' : JSON.stringify(argument)})`,
      ),
    async reload() {
      await markLeft();
      await call('browsingContext.reload', { wait: 'none' });
      await loaded();
    },
    goBack: () => call('browsingContext.traverseHistory', { delta: -1 }),
    bringToFront: () => call('browsingContext.activate'),
    async close() {
      // The extension closes the tab of a silent login itself.
      await call('browsingContext.close').catch((error: unknown) => {
        if (!String(error).includes('no such frame')) throw error;
      });
    },
  };
  // Pages of an extension never report that they are loaded (2026-11, Firefox 153), and a sealed redirect ends at one.
  // So the old page is marked, and what is complete without the mark is the new one.
  const markLeft = () => tab.evaluate(() => void Object.assign(window, { isLeft: true })).catch(() => undefined);
  const readyState = () =>
    tab.evaluate(() => ('isLeft' in window ? 'left' : document.readyState)).catch(() => 'loading');
  const loaded = () =>
    until(
      async () => ({ url: await tab.url(), state: await readyState() }),
      (now) => now.url !== 'about:blank' && now.state === 'complete',
    );
  async function setValue(selector: string, value: string, event: string): Promise<void> {
    await tab.waitForSelector(selector);
    await tab.evaluate(
      ({ at, text, type }) => {
        const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(at);
        if (field) field.value = text;
        field?.dispatchEvent(new Event(type, { bubbles: true }));
      },
      { at: selector, text: value, type: event },
    );
  }
  return tab;
}
