import { signal } from '@preact/signals';
import { languageTag, say, speak, type Word } from '../domain/base/words.ts';
import type { Command, Reply } from '../domain/hold/messages.ts';
import type { Overview } from '../domain/view/overview.ts';
import { browserLanguage } from '../platform/runtime/language.ts';
import { sendCommand } from '../platform/runtime/messages.ts';
import { askForHosts, revokeHost } from '../platform/runtime/permissions.ts';
import { isPinned } from '../platform/toolbar/action.ts';
import { askToNotify } from '../platform/toolbar/notifications.ts';
import { openOptions, openWelcome } from '../platform/toolbar/tabs.ts';
import { SECOND } from '../shared/time.ts';
import { onOverview, readOverview } from './store/overview.ts';

/** The view model that is shown, and the clock that its times are told by. */
export const shown = signal<Overview | null>(null);
export const now = signal(Date.now());
/** True once the background gave no answer. */
export const isSilent = signal(false);

/** What the views may ask for; the shape is components/ui/actions.ts. */
export const actions = {
  send: (command: Command): Promise<Reply> => sendCommand(command),
  openSettings: (section?: string): void => void openOptions(section),
  openWelcome: (which?: 'new'): void => void openWelcome(which),
  allow: (patterns: string[]): Promise<boolean> => askForHosts(patterns),
  askToNotify: (): Promise<boolean> => askToNotify(),
  revoke: (pattern: string): Promise<boolean> => revokeHost(pattern),
};

/** Tells at once, and whenever the person comes back to the page, whether the toolbar button is pinned. */
export function watchPinned(tell: (isShown: boolean | null) => void): void {
  const look = () => void isPinned().then(tell);
  look();
  addEventListener('focus', look);
}

/** Every page of ours begins with this: without a language nothing can be said. */
function chooseLanguage(title: Word): void {
  speak(browserLanguage());
  document.documentElement.lang = languageTag();
  document.title = say(title);
}

/** Titles the page, shows what is stored at once, also with the background dead, then wakes it and follows its changes. */
export async function watchScreen(title: Word): Promise<void> {
  chooseLanguage(title);
  onOverview((overview) => {
    shown.value = overview;
    isSilent.value = false;
  });
  setInterval(() => {
    now.value = Date.now();
  }, SECOND);
  const stored = await readOverview();
  shown.value ??= stored;
  void sendCommand({ type: 'refresh' }).catch(() => {
    isSilent.value = true;
  });
}
