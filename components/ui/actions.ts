import type { Command, Reply } from '../../utils/domain/hold/messages.ts';

/** What a view can ask for; the entrypoint says how it is done. */
export interface Actions {
  send(command: Command): Promise<Reply>;
  /** Opens the settings, at a section of theirs where one is named. */
  openSettings(section?: string): void;
  /** Opens the page that sets an account up; `new`: one account more. */
  openWelcome(which?: 'new'): void;
  /** Asks for hosts; call it in the click itself, before anything is awaited. */
  allow(patterns: string[]): Promise<boolean>;
  revoke(pattern: string): Promise<boolean>;
  /** Asks for notifications; call it in the click itself, before anything is awaited. */
  askToNotify(): Promise<boolean>;
}
