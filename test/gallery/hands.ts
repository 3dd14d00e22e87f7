/** What a person does in a state before its picture is taken. */

export function press(root: ParentNode, selector: string): void {
  find<HTMLElement>(root, selector).click();
}

/** Acts once something is there. */
export function later<R extends ParentNode & Node>(root: R, selector: string, act: (root: R) => void): void {
  const there = new MutationObserver(() => {
    if (root.querySelector(selector) === null) return;
    there.disconnect();
    act(root);
  });
  there.observe(root, { childList: true, subtree: true });
}

export function pressLater(root: ParentNode & Node, selector: string): void {
  later(root, selector, () => press(root, selector));
}

/** Presses what copies, where copying works, or does not. */
export function pressCopy(root: ParentNode, selector: string, works: boolean): void {
  const { clipboard } = navigator;
  const writeText = () => (works ? Promise.resolve() : Promise.reject(new Error('no clipboard')));
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  press(root, selector);
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
}

export function write(root: ParentNode, selector: string, text: string): void {
  const input = find<HTMLInputElement | HTMLTextAreaElement>(root, selector);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Chooses a file of that text. */
export function choose(root: ParentNode, selector: string, text: string): void {
  const input = find<HTMLInputElement>(root, selector);
  const given = new DataTransfer();
  given.items.add(new File([text], 'settings.json', { type: 'application/json' }));
  input.files = given.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Submits the first form, once what was typed into it is shown. */
export function submit(root: ParentNode): void {
  requestAnimationFrame(() => find<HTMLFormElement>(root, 'form').requestSubmit());
}

export function focus(root: ParentNode, selector: string): void {
  find<HTMLElement>(root, selector).focus();
}

function find<E extends Element>(root: ParentNode, selector: string): E {
  const element = root.querySelector<E>(selector);
  if (!element) throw new Error(`there is no ${selector}`);
  return element;
}
