import type { ToldProblem } from './check.ts';
import { say, sayCount } from './words.ts';

/** The word that a screen has for what a problem is about, by the last name in the problem's path. */
const NAMED = {
  account: 'account',
  api_key: 'api_key',
  apiKey: 'api_key',
  ask: 'ask',
  broker: 'broker',
  delivery: 'delivery',
  expected_user: 'user',
  expectedUser: 'user',
  id: 'id',
  key: 'record',
  list: 'list',
  mode: 'mode',
  name: 'name',
  pairing: 'pairing',
  preferences: 'preferences',
  record: 'record',
  redirect_url: 'redirect',
  redirectUrl: 'redirect',
  secret: 'secret',
  storage: 'storage',
  text: 'text',
  url: 'url',
} as const;

/** More would fill the screen, and are mostly the same. */
const SHOWN = 3;

/** Problems as sentences for a person: “The redirect URL must be …. The account is paused.” */
export function tellProblems(problems: readonly ToldProblem[]): string {
  const told = problems.slice(0, SHOWN).map(sentenceOf);
  const left = problems.length - told.length;
  return [...told, ...(left > 0 ? [sayCount('problem_more', left)] : [])].join(' ');
}

/** What a problem is about in words; what no screen has a word for is “one value”. */
export function nameOfField(field: string): string {
  const [, line] = /^line\.(\d+)$/.exec(field) ?? [];
  if (line !== undefined) return say('field_line', line);
  const name = field.split('.').at(-1) ?? '';
  return say(`field_${Object.hasOwn(NAMED, name) ? NAMED[name as keyof typeof NAMED] : 'other'}`);
}

function sentenceOf({ field, message }: ToldProblem): string {
  return say('problem_told', nameOfField(field), message);
}
