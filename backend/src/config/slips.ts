import { brokers } from '../../../utils/shared/brokers/index.ts';
import { edits } from './edits.ts';
import { variablesIn } from './named-accounts.ts';
import type { ToldProblem } from './problems.ts';
import type { Environment } from './settings.ts';

/** A variable that nobody reads, and the one that is not set and was perhaps meant. */
export interface Slip {
  name: string;
  meant: string;
  /** Set where the name can hardly be another program's: then the backend does not start. */
  problem?: ToldProblem;
}

const PREFIXES = Object.values(brokers).map(({ variables }) => variables.prefix);
const OF_A_BROKER = new RegExp(`^(${PREFIXES.join('|')})_`);

/** Names that are a slip away from one of ours. What another program calls its own is named, and stops nothing. */
export function slips(env: Environment): Slip[] {
  const known = variablesIn(env);
  const unset = known.filter((name) => env[name] === undefined);
  return Object.keys(env)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = unset.find((one) => isSlip(name, one));
      if (meant === undefined) return [];
      // Another program may well call its one account ZERODHA_ACCOUNT.
      const isOurs = OF_A_BROKER.test(meant) && !meant.endsWith('_ACCOUNTS') && edits(plain(name), plain(meant)) <= 1;
      const problem = { field: name, message: `is not a variable of this backend, ${meant} is` };
      return [{ name, meant, ...(isOurs ? { problem } : {}) }];
    });
}

/** Two letters of a long name, one of a short one; a number behind it makes it another name. */
function isSlip(name: string, known: string): boolean {
  // Images of others take a secret's file so; this backend takes the secret.
  if (name === `${known}_FILE`) return true;
  if (name.startsWith(known) && /^_?\d+$/.test(name.slice(known.length))) return false;
  return edits(plain(name), plain(known)) <= (known.length >= 8 ? 2 : 1);
}

function plain(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}
