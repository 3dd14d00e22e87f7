import { until } from '../until.ts';
import type { Tab } from './browser.ts';

/** The toolbar popup: a view of the extension that no test tool can attach to as a page. */
export interface Popup {
  text(): Promise<string>;
  /** Runs `reader` with the popup's document; it may use nothing but its two arguments. */
  read<T, A>(reader: (document: Document, argument: A) => T, argument: A): Promise<T>;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const VIEW = "chrome.extension.getViews({ type: 'popup' })[0]";

/** Opens the popup; its document is read from `options`, another page of the extension. */
export async function openPopup(options: Tab): Promise<Popup> {
  await options.bringToFront();
  await until(
    async () => {
      // A headless Firefox leaves a popup open that a person's next click would close, and opens no second one; in Chromium
      // the one from before may be closing just now, and then the next has to be opened after it.
      if (!(await options.evaluate<boolean>(`Boolean(${VIEW})`)))
        await options.evaluate(() => chrome.action.openPopup().catch(() => undefined));
      return options.evaluate<boolean>(`Boolean(${VIEW}?.document.querySelector('[data-account], .card'))`);
    },
    (isThere) => isThere,
  );
  const popup: Popup = {
    read: (reader, argument) => options.evaluate(`(${reader})(${VIEW}.document, ${JSON.stringify(argument)})`),
    text: () => options.evaluate(`${VIEW}?.document.body.innerText ?? ''`),
    click: (selector) =>
      popup.read((document, at) => {
        const element = document.querySelector<HTMLElement>(at);
        if (!element) throw new Error(`the popup has no ${at}`);
        element.click();
      }, selector),
    type: (selector, text) =>
      popup.read(
        (document, { at, value }) => {
          const input = document.querySelector<HTMLInputElement>(at);
          if (!input) throw new Error(`the popup has no ${at}`);
          input.value = value;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        },
        { at: selector, value: text },
      ),
    close: () => options.evaluate<void>(`${VIEW}?.close()`),
  };
  return popup;
}
