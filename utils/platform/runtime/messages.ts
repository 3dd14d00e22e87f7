import type { Command, Reply } from '../../domain/hold/messages.ts';
import { browser, type Runtime } from '../browser.ts';

/** Who sent a message: one of our own pages, the content script in a tab's top frame, or anything else. */
export type Sender =
  | { kind: 'own-page'; tab: number | null }
  | { kind: 'content-script'; tab: number }
  | { kind: 'stranger' };

/** Answers messages with values; what `answer` gives undefined for is not answered. */
export function onMessage(answer: (message: unknown, sender: Sender) => Promise<unknown> | undefined): void {
  // Not async: an async listener answers every message, also the ones that are not its own.
  browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) =>
    answer(message, readSender(sender)),
  );
}

/** Sends a command to the background; from our own pages only. */
export function sendCommand(command: Command): Promise<Reply> {
  return browser.runtime.sendMessage(command) as Promise<Reply>;
}

function readSender(sender: Runtime.MessageSender & { origin?: string }): Sender {
  const { runtime } = browser;
  if (sender.id !== runtime.id) return { kind: 'stranger' };
  // Compared with our own URL: the origin of an extension page reads 'null' where URL is not special-cased, and in sandboxed frames.
  const tab = sender.tab?.id;
  if (`${sender.origin}/` === runtime.getURL('')) return { kind: 'own-page', tab: tab ?? null };
  return sender.frameId === 0 && tab !== undefined ? { kind: 'content-script', tab } : { kind: 'stranger' };
}
