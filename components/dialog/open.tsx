import { render } from 'preact';
import { languageTag } from '../../utils/domain/base/words.ts';
import type { Dialog, DialogAct, DialogView, Guard } from '../../utils/domain/hold/hold-list.ts';
import chainCss from '../account-card/proof-chain.css?inline';
import tokensCss from '../ui/tokens.css?inline';
import css from './dialog.css?inline';
import { DialogContent } from './dialog.tsx';
import { keepInPlace } from './keep-in-place.ts';
import { isDarkPage } from './page-scheme.ts';

// A person who is typing does not press a button that was not there a moment ago.
const SETTLE_MS = 400;

/**
 * Opens the dialog over the page, above its own modal dialogs too, in a shadow root that no script of the page can look
 * into. Everything it does begins in one function, with an event that the browser vouches for.
 */
export function openDialog(act: (asked: DialogAct) => void, guard: Guard): Dialog {
  const host = document.createElement('opening-bell');
  const root = host.attachShadow({ mode: 'closed' });
  const dialog = document.createElement('dialog');
  dialog.classList.toggle('dark', isDarkPage());
  // The page's own language may be another one, and read in another direction.
  dialog.lang = languageTag();
  dialog.dir = 'auto';
  dialog.setAttribute('aria-labelledby', 'title');
  dialog.setAttribute('aria-describedby', 'about');
  root.append(dialog);
  dialog.tabIndex = -1;
  let changedAt = performance.now();
  let step: 'log-in' | 'confirm' | null = null;

  function heard(event: Event): void {
    if (event.type === 'keydown') onKey(event as KeyboardEvent);
    if (event.type !== 'click') return;
    const asked = actOf(buttonOf(root, event as MouseEvent));
    if (asked && performance.now() - changedAt > SETTLE_MS) act(asked);
  }

  function onKey(event: KeyboardEvent): void {
    const isHeldDown = event.repeat || performance.now() - changedAt <= SETTLE_MS;
    if (event.key === 'Tab') keepFocus(event);
    if (event.key === 'Enter' && isHeldDown) event.preventDefault();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (!isHeldDown) act({ type: root.querySelector('[data-act=cancel]') ? 'cancel' : 'close' });
  }

  function keepFocus(event: KeyboardEvent): void {
    const all = [...root.querySelectorAll('button')];
    const at = all.indexOf(root.activeElement as HTMLButtonElement);
    event.preventDefault();
    const next = event.shiftKey ? (at <= 0 ? all.length : at) - 1 : (at + 1) % all.length;
    all[next]?.focus();
  }

  const giveUp = () => act({ type: 'give-up' });
  const unguard = guard({ host, heard, lost: giveUp });
  // The browser's own way to close it, a gesture for one, is an Escape.
  dialog.addEventListener('cancel', (event) => event.preventDefault());

  let release: (() => void) | null = null;

  function place(): void {
    host.setAttribute('style', 'all:initial!important');
    // A move through another document takes the style away.
    if (root.adoptedStyleSheets.length === 0 && !root.querySelector('style'))
      addStyle(root, tokensCss + chainCss + css);
    if (host.parentNode !== document.documentElement) document.documentElement.append(host);
    if (dialog.matches(':modal')) return;
    // An element that was taken out stays open, but no longer above the page.
    dialog.close();
    dialog.showModal();
  }

  return {
    show(view: DialogView) {
      const had = root.activeElement;
      render(<DialogContent view={view} />, dialog);
      place();
      release ??= keepInPlace(host, place, giveUp);
      const next = root.querySelector('[data-act=log-in]') ? 'log-in' : 'confirm';
      const isNew = next !== step;
      if (isNew) changedAt = performance.now();
      step = next;
      // Never on a button that sends an order: an Enter that was meant for the page would press it.
      const first = root.querySelector<HTMLElement>('[data-act=log-in]') ?? dialog;
      if (isNew || !had?.isConnected) first.focus();
    },
    close() {
      unguard();
      release?.();
      if (dialog.open) dialog.close();
      render(null, dialog);
      host.remove();
    },
  };
}

/** The button that was pressed: by the keyboard the one in focus, else the one under the pointer. A closed root tells nobody else. */
function buttonOf(root: ShadowRoot, { detail, clientX, clientY }: MouseEvent): HTMLButtonElement | null {
  const element = detail === 0 ? root.activeElement : root.elementFromPoint(clientX, clientY);
  return element?.closest('button') ?? null;
}

function actOf(button: HTMLButtonElement | null): DialogAct | null {
  const type = button?.dataset.act;
  const id = Number(button?.dataset.id);
  switch (type) {
    case 'log-in':
    case 'cancel':
    case 'paste':
    case 'close':
      return { type };
    case 'send':
    case 'discard':
      return { type, id };
    default:
      return null;
  }
}

function addStyle(root: ShadowRoot, text: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox before 153 refuses it to content scripts (https://bugzilla.mozilla.org/show_bug.cgi?id=1751346).
    const style = document.createElement('style');
    style.textContent = text;
    root.append(style);
  }
}
