import type { BrokerId } from '../../../utils/domain/contract.ts';
import type { Account } from '../config.ts';
import type { Log } from '../log.ts';
import type { TakenUp } from './adopt.ts';
import { saveVariable } from './save.ts';
import { watchVariables } from './watch.ts';

/** The variables in which the older systems keep a session: Kite's access token, Breeze's API session. */
const TOKEN_VARIABLE: Record<BrokerId, string> = {
  zerodha: 'ZERODHA_ACCESS_TOKEN',
  icici: 'BREEZE_SESSION_TOKEN',
};
/** More than a token can need; a longer value is something else. */
const TOKEN = /^[A-Za-z0-9]{4,64}$/;

export interface EnvFileOptions {
  accounts: readonly Account[];
  /** The file to watch, or null. */
  watched: string | null;
  /** The file to write into, or null: then no token is ever written. */
  saved: string | null;
  takeUp(account: BrokerId, token: string): Promise<TakenUp>;
  log: Log;
}

/** The `.env` file as a way in for tokens, and, where the person switched that on, as a copy of them in plain text. */
export function createEnvFile({ accounts, watched, saved, takeUp, log }: EnvFileOptions) {
  let end = () => {};
  let running: Promise<unknown> = Promise.resolve();

  function changed(variable: string, token: string): void {
    const account = accounts.find(({ name }) => TOKEN_VARIABLE[name] === variable)?.name;
    if (account === undefined || !TOKEN.test(token)) return;
    running = running
      .then(async () => log({ event: 'session.taken_up', account, outcome: await takeUp(account, token) }))
      .catch(() => log({ event: 'session.taken_up', account, outcome: 'unavailable' }));
  }

  return {
    start(): void {
      if (watched === null) return;
      end = watchVariables(
        watched,
        accounts.map(({ name }) => TOKEN_VARIABLE[name]),
        changed,
      );
    },
    /** Keeps a new token in the file, for other programs on this machine. */
    save(account: BrokerId, token: string): void {
      if (saved !== null)
        log({ event: 'env.saved', account, outcome: saveVariable(saved, TOKEN_VARIABLE[account], token) });
    },
    async stop(): Promise<void> {
      end();
      await running;
    },
  };
}
