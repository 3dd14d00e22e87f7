import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { languageTag, say, speak } from '../utils/domain/base/words.ts';
import type { PageMessage, PageReply } from '../utils/domain/hold/messages.ts';
import { runtime } from '../utils/hold/isolated/page-runtime.ts';
import { browserLanguage } from '../utils/platform/runtime/language.ts';

const SHOWN_MS = 6_000;

/** Runs where a redirect page really loads: reports where it is, confirms a captured login, and takes the token out of the address bar. */
export default defineUnlistedScript(async () => {
  const message: PageMessage = { type: 'redirect-page', url: location.href, referrer: document.referrer };
  const reply = (await runtime.sendMessage(message)) as PageReply | undefined;
  if (!reply?.captured) return;
  // A page that has moved on meanwhile keeps its own address.
  if (reply.scrubbed && location.href === message.url) history.replaceState(history.state, '', reply.scrubbed);
  confirm();
});

function confirm(): void {
  speak(browserLanguage());
  const host = document.createElement('div');
  const note = document.createElement('p');
  note.textContent = say('page_captured');
  note.lang = languageTag();
  note.setAttribute('role', 'status');
  note.style.cssText =
    'all:initial;position:fixed;inset:auto 16px 16px auto;z-index:2147483647;max-width:320px;padding:12px 16px;border-radius:10px;' +
    'background:#1c7a4c;color:#fff;font:600 14px/1.4 system-ui,sans-serif;box-shadow:0 8px 24px #0005';
  host.attachShadow({ mode: 'closed' }).append(note);
  document.documentElement.append(host);
  setTimeout(() => host.remove(), SHOWN_MS);
}
