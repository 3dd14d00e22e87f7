import type { Actions } from '../../components/ui/actions.ts';
import type { Command, Reply } from '../../utils/domain/hold/messages.ts';

/** Actions of a gallery: everything that is asked is answered alike, and nothing happens. */
export function answering(reply: (command: Command) => Reply | Promise<Reply>): Actions {
  return {
    send: async (command) => reply(command),
    openSettings: () => undefined,
    openWelcome: () => undefined,
    allow: async () => true,
    revoke: async () => true,
    askToNotify: async () => true,
  };
}

export const actions = answering(() => ({ ok: true }));
