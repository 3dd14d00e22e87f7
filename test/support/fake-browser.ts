import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';

/**
 * What WXT's fake browser lacks of the browser our services run in: Chromium, as far as they can tell.
 * A person's yes to a permission is `browser.permissions.request` itself.
 */

type Listener = (...args: never[]) => unknown;

function event() {
  const listeners = new Set<Listener>();
  return {
    addListener: (listener: Listener) => void listeners.add(listener),
    removeListener: (listener: Listener) => void listeners.delete(listener),
    hasListener: (listener: Listener) => listeners.has(listener),
    trigger: (...args: never[]) => Promise.all([...listeners].map((listener) => listener(...args))),
  };
}

const origins = new Set<string>();
const named = new Set<string>();
type Asked = { origins?: string[]; permissions?: string[] };
const onAdded = event();
const onRemoved = event();
Object.assign(fakeBrowser.permissions, {
  onAdded,
  onRemoved,
  getAll: async () => ({ origins: [...origins], permissions: [...named] }),
  contains: async (asked: Asked) =>
    (asked.origins ?? []).every((origin) => origins.has(origin)) &&
    (asked.permissions ?? []).every((one) => named.has(one)),
  request: async (asked: Asked) => {
    for (const origin of asked.origins ?? []) origins.add(origin);
    for (const one of asked.permissions ?? []) named.add(one);
    await onAdded.trigger();
    return true;
  },
  remove: async (given: Asked) => {
    for (const origin of given.origins ?? []) origins.delete(origin);
    for (const one of given.permissions ?? []) named.delete(one);
    await onRemoved.trigger();
    return true;
  },
});

/** The containers that there are, as Firefox names them, and the tabs that are in one. */
export const containers = new Set<string>();
const contained = new Map<number, string>();
type Opened = Parameters<typeof fakeBrowser.tabs.create>[0] & { cookieStoreId?: string };
const { create, query } = fakeBrowser.tabs;
Object.assign(fakeBrowser.tabs, {
  create: async ({ cookieStoreId: container, ...rest }: Opened) => {
    if (container === undefined) return create(rest);
    if (!named.has('cookies')) throw new Error(`No permission for cookieStoreId: ${container}`);
    if (!containers.has(container)) throw new Error(`No cookie store exists with ID ${container}`);
    const tab = await create(rest);
    contained.set(tab.id ?? -1, container);
    return { ...tab, cookieStoreId: container };
  },
  // There is one window.
  query: async ({ lastFocusedWindow: _window, ...asked }: Parameters<typeof query>[0]) =>
    (await query(asked)).map((tab) => ({ ...tab, cookieStoreId: contained.get(tab.id ?? -1) })),
});

Object.assign(fakeBrowser.runtime, { onConnect: event() });

Object.assign(fakeBrowser.action, { setIcon: async () => undefined });

let scripts: { id: string }[] = [];
Object.assign(fakeBrowser.scripting, {
  getRegisteredContentScripts: async () => structuredClone(scripts),
  registerContentScripts: async (added: { id: string }[]) => {
    const twice = added.find(({ id }) => scripts.some((known) => known.id === id));
    if (twice) throw new Error(`Duplicate script ID '${twice.id}'`);
    scripts = [...scripts, ...structuredClone(added)];
  },
  unregisterContentScripts: async ({ ids }: { ids: string[] }) => {
    scripts = scripts.filter(({ id }) => !ids.includes(id));
  },
});

let rules: { id: number }[] = [];
Object.assign(fakeBrowser.declarativeNetRequest, {
  getDynamicRules: async () => structuredClone(rules),
  updateDynamicRules: async (change: { removeRuleIds?: number[]; addRules?: { id: number }[] }) => {
    const kept = rules.filter(({ id }) => !change.removeRuleIds?.includes(id));
    rules = [...kept, ...structuredClone(change.addRules ?? [])];
    if (new Set(rules.map(({ id }) => id)).size < rules.length) throw new Error('a rule id is used twice');
  },
});

let menu: { id?: string }[] = [];
Object.assign(fakeBrowser.contextMenus, {
  onClicked: event(),
  removeAll: async () => {
    menu = [];
  },
  create: (item: { id?: string }) => void menu.push(item),
});
/** The entries of the toolbar button's menu. */
export const menuShown = () => menu.map(({ id }) => id);

Object.assign(fakeBrowser.webRequest, {
  onBeforeRequest: event(),
  onBeforeSendHeaders: event(),
  onHeadersReceived: event(),
  onSendHeaders: event(),
  onBeforeRedirect: event(),
  onCompleted: event(),
  onErrorOccurred: event(),
});

Object.assign(fakeBrowser.runtime, {
  openOptionsPage: async () => {},
  reload: () => {},
  getManifest: () => ({ version: '0.1.0' }),
});

// Node follows the letter less than browsers do: with `manual` they show nothing of a redirect but that there was one.
const nodeFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await nodeFetch(input, init);
  const isRedirect = response.status >= 300 && response.status < 400 && response.headers.has('location');
  if (init?.redirect !== 'manual' || !isRedirect) return response;
  await response.body?.cancel();
  return Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
};

// Vitest turns WXT's `false` into a text, which would be true.
vi.stubEnv('FIREFOX', '');

Object.assign(globalThis, { browser: fakeBrowser, chrome: fakeBrowser });
