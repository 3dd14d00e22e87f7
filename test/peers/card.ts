import { type TroubleCode, tellTrouble } from '../../utils/domain/delivery/trouble.ts';
import type { Browser } from '../support/browsers/browser.ts';
import { until } from '../support/until.ts';
import { CARD } from './settings.ts';

/** Waits until the popup says so, as `status` or `status trouble`, of a login that was captured since then (epoch ms). */
export async function waitForCard(browser: Browser, expected: string, since: number): Promise<void> {
  const [status, code] = expected.split(' ');
  const words = code ? tellTrouble(code as TroubleCode) : '';
  await until(
    // Opened again where a tab that came or went has closed it.
    () =>
      browser
        .popup()
        .then((popup) => popup.read(readCard, CARD))
        .catch(() => null),
    (card) => card !== null && card.status === status && card.text.includes(words) && card.capturedAt >= since,
  );
}

function readCard(document: Document, at: string) {
  const card = document.querySelector<HTMLElement>(at);
  const captured = card?.querySelector<HTMLElement>('[data-link="captured"]');
  return {
    status: card?.dataset.status ?? '',
    text: card?.innerText ?? '',
    capturedAt: Number(captured?.dataset.at ?? 0),
  };
}

/** Pastes a token into the popup and says yes to sending it; false where it is refused. */
export async function pasteToken(browser: Browser, token: string): Promise<boolean> {
  const popup = await browser.popup();
  await popup.click(`${CARD} [data-action="paste"]`);
  await popup.type('[name="paste"]', token);
  const submit = 'form.paste [type="submit"]:enabled';
  await until(
    () => popup.read((document, at) => document.querySelector(at) !== null, submit),
    (isThere) => isThere,
  );
  await popup.click(submit);
  const answered = await until(
    () =>
      popup.read((document) => {
        if (document.querySelector('[name="paste"][aria-invalid="true"]')) return 'refused';
        return document.querySelector('[data-action="accept"]') ? 'asked' : '';
      }, null),
    (word) => word !== '',
  );
  if (answered === 'asked') await popup.click('[data-action="accept"]');
  return answered === 'asked';
}

/** Presses Try again where it is offered: it may have tried by itself meanwhile, and what is over is not tried again. */
export async function pressTryAgain(browser: Browser): Promise<void> {
  const popup = await browser.popup();
  await popup.read((document) => document.querySelector<HTMLElement>('[data-mend="retry"]')?.click(), null);
}
