import type { Plugin } from 'vite';

const POPUP = /\/entrypoints\/popup\//;

/**
 * Keeps all that the popup needs in one script with one sheet of styles, whatever other pages share of it: each file more
 * is a moment longer before its first paint. The other pages load them too, so its own styles are all under `.popup`.
 */
export function popupFirst(): Plugin {
  let needed = new Set<string>();
  return {
    name: 'popup-first',
    config: () => ({ build: { modulePreload: { polyfill: false } } }),
    buildEnd() {
      const popup = [...this.getModuleIds()].filter((id) => POPUP.test(id));
      needed = reachable(popup, (id) => this.getModuleInfo(id)?.importedIds ?? []);
      // What it does at its start is the popup's alone.
      for (const id of popup) needed.delete(id);
    },
    outputOptions: (options) =>
      options.format === 'es'
        ? { ...options, codeSplitting: { groups: [{ name: 'popup-view', test: (id) => needed.has(id) }] } }
        : options,
  };
}

/** Those given, all that they import, all that these import, and so on. */
function reachable(from: readonly string[], importsOf: (id: string) => readonly string[]): Set<string> {
  const found = new Set(from);
  for (const id of found) for (const imported of importsOf(id)) found.add(imported);
  return found;
}
