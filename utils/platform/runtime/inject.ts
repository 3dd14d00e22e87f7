import { browser } from '../browser.ts';

/** Runs a content script file of ours in one frame of a tab, in its isolated world. */
export async function injectScript(tab: number, frame: number, file: string): Promise<void> {
  await browser.scripting.executeScript({ target: { tabId: tab, frameIds: [frame] }, files: [file] });
}
