import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import englishMessages from '../../../public/_locales/en/messages.json' with { type: 'json' };
import hindiMessages from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import { proseOf } from '../../support/checks/prose.ts';

type Messages = Record<string, { message: string }>;

const ROOT = join(import.meta.dirname, '../../..');

const listing = proseOf(readFileSync(join(ROOT, 'store/listing.hi.md'), 'utf8'));

/** A word of the glossary and the words that stand in one of its columns. */
type Row = [word: string, others: string[]];

const [english = [], hindi = []] = readFileSync(join(ROOT, 'docs/contributing/glossary.md'), 'utf8')
  .split(/^In Hindi:$/m)
  .map(tableIn);
const onScreen = columnOf(2);
const inCode = columnOf(3);
// What no word of its own says: a plural that is always there, and a dot that two letters alone may have.
const HINDI_SPELLINGS: [word: string, instead: RegExp][] = [
  ['सेटिंग्स', /सेटिंग(?!्स)/],
  ['खाली, गलत, फ़र्क: the dot below only on ज and फ', /[खगक]\u093c|[\u0958\u0959\u095a]/],
];

function tableIn(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function columnOf(column: number) {
  return (table: string[][]): Row[] =>
    table.flatMap(([word = '', ...cells]) => {
      const others = (cells[column - 1] ?? '').split(',').map((one) => one.trim());
      const named = others.filter((one) => one !== '' && !one.includes('('));
      return named.length === 0 ? [] : [[word, named]];
    });
}

/** A whole word, and as a button says it where it is capital; a part of one in Hindi, whose endings change. */
function isSaid(message: string, other: string): boolean {
  if (!/[a-z]/i.test(other)) return message.includes(other);
  return new RegExp(`\\b${other}\\b`, /^[A-Z]/.test(other) ? '' : 'i').test(message);
}

/** All code that says something, as one text. */
const code = ['utils', 'components', 'entrypoints', 'backend/src']
  .flatMap((place) =>
    readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(ROOT, place, name), 'utf8')),
  )
  .join('\n');

const said = (messages: Messages, isOther: (message: string) => boolean) =>
  Object.entries(messages)
    .filter(([, { message }]) => isOther(message))
    .map(([name, { message }]) => `${name}: ${message}`);

describe('one word for one thing', () => {
  it('is read from tables that are there', () => {
    expect([onScreen(english).length, inCode(english).length, onScreen(hindi).length].map((rows) => rows > 5)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each(onScreen(english))('in English: %s', (_, others) =>
    expect(said(englishMessages, (message) => others.some((one) => isSaid(message, one)))).toEqual([]),
  );

  it.each(onScreen(hindi))('in Hindi: %s', (_, others) => {
    const isOther = (text: string) => others.some((one) => isSaid(text, one));
    expect(said(hindiMessages, isOther)).toEqual([]);
    expect(listing.filter(isOther)).toEqual([]);
  });

  it.each(HINDI_SPELLINGS)('is spelt alike: %s', (_, instead) =>
    expect(said(hindiMessages, (message) => instead.test(message))).toEqual([]),
  );

  it.each(inCode(english))('in the code: %s', (_, others) =>
    expect(others.filter((name) => new RegExp(`\\b${name}\\b`).test(code))).toEqual([]),
  );
});

describe('a sentence', () => {
  /** Names, a time zone, and what the broker's own page calls so: the same in every language. */
  const SAME = ['about_version', 'account_key', 'app_name', 'market_mcx', 'market_nse_fo', 'time_ist'];

  it('is translated, unless it is a name', () => {
    const same = Object.entries(englishMessages as Messages)
      .filter(
        ([name, { message }]) => message === (hindiMessages as Messages)[name]?.message && /[A-Za-z]/.test(message),
      )
      .map(([name]) => name);
    expect(same).toEqual(SAME);
  });

  it('is there once, unless its name is computed from a code', () => {
    const named = Object.keys(englishMessages).filter(
      (name) => code.includes(`say('${name}'`) || code.includes(`wrong('${name}'`),
    );
    const pairs = named.map(
      (name) => `${(englishMessages as Messages)[name]?.message} = ${(hindiMessages as Messages)[name]?.message}`,
    );
    expect(pairs.filter((pair, at) => pairs.indexOf(pair) !== at)).toEqual([]);
  });
});
