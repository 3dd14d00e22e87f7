import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import hindi from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import { proseOf } from '../../support/checks/prose.ts';

type Messages = Record<string, { message: string }>;

/** The word that is used for a thing, and others that would say the same. */
const ENGLISH: [word: string, instead: RegExp][] = [
  ['pairing secret', /pairing key/i],
  ['further destination', /\bcop(y of|ies)\b/i],
  ['set-up', /first run|welcome page|onboarding/i],
  ['space', /\bblanks?\b/i],
  ['Resume', /\bGo on\b/],
  ['needs the network', /asks? no network/i],
];

const HINDI: [word: string, instead: RegExp][] = [
  ['अनुरोध', /रिक्वेस्ट/],
  ['पुष्टि', /सत्यापि/],
  ['प्रमाण', /सबूत|साबित/],
  ['समाप्त', /ख़?त्म/],
  ['सेटिंग्स', /सेटिंग(?!्स)/],
  ['खुद', /ख़ुद/],
  ['खाली, गलत, फ़र्क: the dot below only on ज and फ', /[खगक]\u093c|[\u0958\u0959\u095a]/],
  ['सेव करें', /सहेज/],
  ['रजिस्टर', /दर्ज/],
  ['नोटिफ़िकेशन', /सूचना/],
  ['रीडायरेक्ट', /redirect/i],
  ['डिलीवरी कॉन्ट्रैक्ट', /अनुबंध/],
  ['हेडर', /header/i],
  ['पाथ', /\bpath\b/i],
  ['कुकी', /cookie/i],
  ['लाइन', /पंक्ति/],
  ['विफल', /असफल|नाकाम/],
  ['पेयरिंग सीक्रेट', /पेयरिंग (की )?कुंजी/],
  ['स्टेटस पेज', /स्थिति का पेज/],
  ['अपने आप', /अपने-आप/],
];

const ROOT = join(import.meta.dirname, '../../..');
const listing = proseOf(readFileSync(join(ROOT, 'store/listing.hi.md'), 'utf8'));

/** All code that says something, as one text. */
const code = ['utils', 'components', 'entrypoints']
  .flatMap((place) =>
    readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(ROOT, place, name), 'utf8')),
  )
  .join('\n');

const said = (messages: Messages, what: RegExp) =>
  Object.entries(messages)
    .filter(([, { message }]) => what.test(message))
    .map(([name, { message }]) => `${name}: ${message}`);

describe('one word for one thing', () => {
  it.each(ENGLISH)('in English: %s', (_, instead) => expect(said(english, instead)).toEqual([]));

  it.each(HINDI)('in Hindi: %s', (_, instead) => {
    expect(said(hindi, instead)).toEqual([]);
    expect(listing.filter((sentence) => instead.test(sentence))).toEqual([]);
  });
});

describe('a sentence', () => {
  /** Names, a time zone, and what the broker's own page calls so: the same in every language. */
  const SAME = ['about_version', 'account_key', 'app_name', 'market_mcx', 'market_nse_fo', 'time_ist'];

  it('is translated, unless it is a name', () => {
    const same = Object.entries(english as Messages)
      .filter(([name, { message }]) => message === (hindi as Messages)[name]?.message && /[A-Za-z]/.test(message))
      .map(([name]) => name);
    expect(same).toEqual(SAME);
  });

  it('is there once, unless its name is computed from a code', () => {
    const named = Object.keys(english).filter(
      (name) => code.includes(`say('${name}'`) || code.includes(`wrong('${name}'`),
    );
    const pairs = named.map(
      (name) => `${(english as Messages)[name]?.message} = ${(hindi as Messages)[name]?.message}`,
    );
    expect(pairs.filter((pair, at) => pairs.indexOf(pair) !== at)).toEqual([]);
  });
});
