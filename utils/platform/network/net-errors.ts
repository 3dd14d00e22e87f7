import { browser } from '../browser.ts';

/** What the network said of one failed call; `fetch` itself says only that it failed. */
export interface NetErrorWatch {
  /** The error's name, or null where nothing was heard of it within a moment. */
  heard(): Promise<string | null>;
  stop(): void;
}

// The event comes beside the rejection, sometimes a moment after it.
const MOMENT_MS = 300;

/** Listens for one https address while a call of ours to it is out: nothing of ours hears of anybody else's requests. */
export function watchNetError(address: string): NetErrorWatch {
  const { href, hostname } = new URL(address);
  const { promise, resolve } = Promise.withResolvers<string>();
  const hear = ({ url, error }: { url: string; error: string }) => {
    if (url === href) resolve(error);
  };
  browser.webRequest.onErrorOccurred.addListener(hear, { urls: [`https://${hostname}/*`], types: ['xmlhttprequest'] });
  return {
    heard: () => Promise.race([promise, new Promise<null>((done) => setTimeout(done, MOMENT_MS, null))]),
    stop: () => browser.webRequest.onErrorOccurred.removeListener(hear),
  };
}
