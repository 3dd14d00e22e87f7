/** The extension runtime in a content script, without the polyfill: ten kilobytes are much for one message. */
export const runtime: {
  sendMessage(message: unknown): Promise<unknown>;
  connect(info: { name: string }): chrome.runtime.Port;
  onMessage: { addListener(listener: (message: unknown) => undefined): void };
} = (globalThis as { browser?: typeof chrome }).browser?.runtime ?? chrome.runtime;
