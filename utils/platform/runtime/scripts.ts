import { browser } from '../browser.ts';

export interface PageScript {
  id: string;
  file: string;
  matches: string[];
  /** In the page's own world; else in ours. */
  world?: 'MAIN';
  /** Before the page's first script and in every frame; else once the top frame's page is there. */
  first?: true;
}

/** Makes the registered content scripts exactly these; equal ones are left alone. */
export async function setPageScripts(wanted: readonly PageScript[]): Promise<void> {
  const known = await browser.scripting.getRegisteredContentScripts();
  // By its file too: a folder that was replaced may have another under the same version, and its registrations stay.
  const same = ({ id, file, matches }: PageScript) =>
    known.some((one) => one.id === id && one.js?.[0] === file && inOrder(one.matches) === inOrder(matches));
  const gone = known.filter(({ id }) => !wanted.some((script) => script.id === id && same(script)));
  const missing = wanted.filter((script) => !same(script));
  if (gone.length > 0) await browser.scripting.unregisterContentScripts({ ids: gone.map(({ id }) => id) });
  if (missing.length === 0) return;
  await browser.scripting.registerContentScripts(
    missing.map(({ id, file, matches, world, first }) => ({
      id,
      js: [file],
      matches,
      runAt: first ? 'document_start' : 'document_idle',
      allFrames: first ?? false,
      ...(world && { world }),
      persistAcrossSessions: true,
    })),
  );
}

// A browser may give them back in an order of its own, and a script that is registered anew misses the page that loads.
function inOrder(matches: readonly string[] | undefined): string {
  return String([...(matches ?? [])].sort());
}
