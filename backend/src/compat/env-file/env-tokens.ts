import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../../config/account.ts';
import { TOKEN_FORM, tokenVariable } from '../../config/settings.ts';
import type { Log } from '../../log/log.ts';
import { RETRY_PAUSES_MS } from '../../session/retry.ts';
import type { TakenUp } from '../../session/take-up.ts';
import type { Session } from '../../store/tables/sessions.ts';
import { saveVariable } from './save.ts';
import { watchVariables } from './watch.ts';

export interface EnvTokensOptions {
  accounts: readonly Account[];
  /** The file to watch, or null. */
  watched: string | null;
  /** The file to write into, or null: then no token is ever written. */
  saved: string | null;
  /** Each call of what it gives tries the token once. */
  takeUp(account: Account, token: string): () => Promise<TakenUp>;
  log: Log;
}

/**
 * Tokens that lie in the environment: those at the start, and each new one in the `.env` file. Where the person switched
 * that on, the file also gets a copy of every new token, in plain text.
 */
export function createEnvTokens({ accounts, watched, saved, takeUp, log }: EnvTokensOptions) {
  const stopping = new AbortController();
  let unwatch = () => {};
  let running: Promise<unknown> = Promise.resolve();

  /** One after the other, in the order in which they were found. */
  function found(account: Account, token: string | null): void {
    if (token === null || !TOKEN_FORM.test(token)) return;
    running = running.then(() => insist(account, token)).catch(() => undefined);
  }

  /** A broker that cannot be asked just now must not cost the token: nobody will write it a second time. */
  async function insist(account: Account, token: string): Promise<void> {
    const tried = takeUp(account, token);
    for (const pause of [...RETRY_PAUSES_MS, null]) {
      const outcome = await tried().catch((): TakenUp => 'unavailable');
      log({ event: 'session.taken_up', account: account.name, outcome });
      if (outcome !== 'unavailable' || pause === null) return;
      await sleep(pause, undefined, { signal: stopping.signal });
    }
  }

  return {
    start(): void {
      const variables = accounts.map(({ name }) => tokenVariable(name));
      const watch = watchVariables(watched, variables, (variable, token) => {
        for (const account of accounts) if (tokenVariable(account.name) === variable) found(account, token);
      });
      unwatch = watch.end;
      // A variable of the process goes before the same one in the file.
      for (const account of accounts)
        found(account, account.startToken ?? watch.first[tokenVariable(account.name)] ?? null);
    },

    /** Keeps a new token in the file, for other programs on this machine: Kite's access token, Breeze's API session. */
    save({ account, accessToken, dayToken }: Session): void {
      if (saved === null) return;
      const outcome = saveVariable(saved, tokenVariable(account), dayToken ?? accessToken);
      log({ event: 'env.saved', account, outcome });
    },

    async stop(): Promise<void> {
      stopping.abort();
      unwatch();
      await running;
    },
  };
}
