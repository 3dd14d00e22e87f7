import type { Command, Reply } from '../utils/domain/messages.ts';

/** What a view can ask for; the entrypoint says how it is done. */
export interface Actions {
  send(command: Command): Promise<Reply>;
  /** Opens the settings, at one of their sections. */
  openSettings(section?: string): void;
  /** Asks for hosts; call it in the click itself, before anything is awaited. */
  allow(patterns: string[]): Promise<boolean>;
  revoke(pattern: string): Promise<boolean>;
  /** Asks for notifications; call it in the click itself, before anything is awaited. */
  askToNotify(): Promise<boolean>;
}
