import type { Page } from 'playwright-core';

/** A person without a mouse: every step is a key, and where the focus is can be seen. */
export interface Keyboard {
  /** Tabs on until such an element has the focus. */
  to(selector: string): Promise<void>;
  /** Puts text where the focus is, as a paste does. */
  paste(text: string): Promise<void>;
  press(key: string): Promise<void>;
  /** All keys so far. */
  pressed(): number;
}

const FURTHEST = 60;

export function keyboardOf(page: Page): Keyboard {
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  return {
    press,
    pressed: () => keys,
    async paste(text) {
      keys += 1;
      await page.keyboard.insertText(text);
    },
    async to(selector) {
      for (let tabs = 0; tabs < FURTHEST; tabs++) {
        const focus = await page.evaluate(focusAt, selector);
        if (focus === 'seen') return;
        if (focus === 'unseen') throw new Error(`nobody sees that the focus is on ${selector}`);
        await press('Tab');
      }
      throw new Error(`${FURTHEST} tabs do not lead to ${selector}`);
    },
  };
}

function focusAt(selector: string): 'elsewhere' | 'seen' | 'unseen' {
  const focused = document.activeElement;
  if (!focused?.matches(selector)) return 'elsewhere';
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  return outlineStyle !== 'none' && outlineWidth !== '0px' ? 'seen' : 'unseen';
}
