import { BROKER_IDS, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { type AccountName, LABEL } from './account-name.ts';
import type { ToldProblem } from './problems.ts';
import { accountVariables, type Environment, itemsOf, listVariable, VARIABLES } from './settings.ts';

export interface NamedAccounts {
  /** The first account of every broker, each followed by those that its list names. */
  names: AccountName[];
  problems: ToldProblem[];
}

/** The accounts that an environment names, set up or not; a name that cannot stand is told. */
export function namedAccounts(env: Environment): NamedAccounts {
  const lists = BROKER_IDS.map((broker) => listOf(broker, env));
  return { names: lists.flatMap(({ names }) => names), problems: lists.flatMap(({ problems }) => problems) };
}

function listOf(broker: BrokerId, env: Environment): NamedAccounts {
  const field = listVariable(broker);
  const names: AccountName[] = [broker];
  const problems: ToldProblem[] = [];
  for (const label of itemsOf(env[field] ?? '')) {
    const name: AccountName = `${broker}-${label}`;
    const message = problemOf(name, label, names);
    if (message === null) names.push(name);
    else problems.push({ field, message });
  }
  return { names, problems };
}

function problemOf(name: AccountName, label: string, before: readonly AccountName[]): string | null {
  if (!LABEL.test(label))
    return 'must list names, such as spouse or huf, divided by commas: up to 20 small letters and digits, a letter first';
  if (before.includes(name)) return `names ${label} twice`;
  const taken = accountVariables(name).find((variable) => VARIABLES.includes(variable));
  return taken === undefined ? null : `cannot name ${label}, since ${taken} means something else: take another name`;
}

/** Every variable that this backend reads in that environment. */
export function variablesIn(env: Environment): string[] {
  return [...new Set([...VARIABLES, ...namedAccounts(env).names.flatMap(accountVariables)])];
}

/** The account that a variable belongs to, or null where it is for all. */
export function ownerOf(variable: string, names: readonly AccountName[]): AccountName | null {
  return names.find((name) => accountVariables(name).includes(variable)) ?? null;
}

/** A sentence on each account that variables are set for and that no list names. */
export function unlisted(env: Environment): string[] {
  const known = new Set(variablesIn(env));
  return BROKER_IDS.flatMap((broker) => {
    const { prefix } = brokers[broker].variables;
    const of = new RegExp(`^${prefix}_([A-Z][A-Z0-9]*)_API_(?:KEY|SECRET)$`);
    const labels = Object.keys(env).flatMap((name) => (known.has(name) ? [] : (of.exec(name)?.[1] ?? [])));
    return [...new Set(labels)].map(
      (label) =>
        `${prefix}_${label}_API_KEY and the like are passed over: ${listVariable(broker)} names no ${label.toLowerCase()}`,
    );
  });
}
