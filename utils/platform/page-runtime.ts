/** The extension runtime in a content script, without the polyfill: ten kilobytes are much for one message. */
export const runtime: { sendMessage(message: unknown): Promise<unknown> } =
  (globalThis as { browser?: typeof chrome }).browser?.runtime ?? chrome.runtime;
