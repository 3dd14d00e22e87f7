import type { Browser } from './browser.ts';

/** Says yes in a person's place to logins whose headers the background never heard. */
export interface UnheardHeaders {
  /** Answers the account's question, if there is one and it is this one. */
  sayYes(account: string): Promise<void>;
  /** How many were asked about. */
  asked(): number;
}

const UNHEARD = ['a link on its page began it', 'that was not started here'];

/**
 * 2026-11, Chromium 156: a worker that is being started does not hear of every request's headers (3 of 1,150 logins on a busy
 * machine). Without them nobody knows whether a click began the request, or who opened the login page, and the login is
 * asked about.
 */
export function unheardHeaders({ name, account, send }: Browser): UnheardHeaders {
  let asked = 0;
  return {
    async sayYes(of) {
      const ask = name === 'chromium' ? (await account(of))?.ask : null;
      if (!ask || !UNHEARD.some((words) => ask.says.includes(words))) return;
      const reply = await send({ type: 'accept', ask: ask.id });
      if (reply.ok) asked += 1;
    },
    asked: () => asked,
  };
}
