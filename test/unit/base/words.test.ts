import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { formatMoment } from '../../../utils/domain/base/moment.ts';
import { formatNumber, languageOf, say, sayCount, speak, type Word } from '../../../utils/domain/base/words.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { sentencesIn } from '../../support/checks/sentences.ts';
import { ist } from '../../support/samples/samples.ts';
import { speakEnglish } from '../../support/speak-english.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LOCALES = join(ROOT, 'public/_locales');

type Messages = Record<string, { message: string }>;
const languages = readdirSync(LOCALES).map((tag): [string, Messages] => [
  tag,
  JSON.parse(readFileSync(join(LOCALES, tag, 'messages.json'), 'utf8')) as Messages,
]);

/** All that can say something: the extension's own code and its manifest. */
const code = ['utils', 'components', 'entrypoints', 'wxt.config.ts']
  .flatMap((place) => filesIn(join(ROOT, place)))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

function filesIn(path: string): string[] {
  if (/\.tsx?$/.test(path)) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(path, name));
}

/** True where the code names a sentence as it is, or all but an ending that it computes. */
function isUsed(word: string): boolean {
  const stem = word.replace(/_(one|other)$/, '');
  if (new RegExp(`['"\`]${stem}['"\`]|__MSG_${stem}__`).test(code)) return true;
  const parts = stem.split('_');
  return parts.some((_, at) => at > 0 && code.includes(`\`${parts.slice(0, at).join('_')}_\${`));
}

/** Where a person's sentences must stand in the message files alone. */
const FREE_OF_ENGLISH = ['utils', 'entrypoints', 'components'];

/** What may stay, and why. */
const STAYS: Record<string, [why: string, ...said: RegExp[]]> = {
  ...Object.fromEntries(
    Object.values(brokers).map(({ id, name, console: form }) => [
      `utils/shared/brokers/${id}.ts`,
      ['names, and the broker’s own form', ...[name, form.field, form.key].filter(isSeveralWords).map(exactly)],
    ]),
  ),
  'utils/domain/accounts/other-brokers.ts': ['names', /^Angel One$/, /^Kotak Neo$/],
  'utils/domain/records/diagnostics.ts': [
    'for whoever mends what is broken',
    /^Opening Bell \$$/,
    /^\$ dashboards, \$ of them allowed$/,
  ],
  'utils/domain/dashboards/signal.ts': ['words of the brokers’ own errors', /^auth_required\|/],
  'utils/hold/main-world/fetch.ts': [
    'the browser’s own words',
    /^Failed to construct 'Request'$/,
    /^Failed to execute 'fetch' on 'Window'$/,
  ],
  'utils/shared/schema.ts': ['what zod says where we said nothing', /^Invalid input$/],
  'components/ui/checked-form.ts': ['a selector', /^\[aria-invalid/],
  'components/forms/pairing-form.tsx': ['a command', /^npm run pair$/],
  'components/forms/plain-fields.tsx': ['what goes over the wire', /^(POST|PUT|PATCH|GET|JSON|true)$/],
  'components/forms/status-fields.tsx': ['what goes over the wire', /^(session\.valid|true)$/],
  'components/welcome/account-step.tsx': ['an attribute', /^folded$/],
  'components/welcome/step.tsx': ['a selector', /^textarea, input/],
  'entrypoints/redirect.ts': ['style', /^all:initial;/, /^background:/],
};

function isSeveralWords(text: string): boolean {
  return text.includes(' ');
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text}$`);
}

const valuesIn = (message: string) => [...new Set(message.match(/\$[1-9]/g))].sort();

describe('the languages', () => {
  it('are English and Hindi', () => {
    expect(languages.map(([tag]) => tag).sort()).toEqual(['en', 'hi']);
  });

  it.each(languages)(
    '%s has every sentence, with the same values in it, in the order of their names',
    (_, messages) => {
      expect(Object.keys(messages)).toEqual(Object.keys(english).sort());
      for (const [word, { message }] of Object.entries(messages)) {
        expect(message.trim(), word).not.toBe('');
        expect([word, valuesIn(message)]).toEqual([word, valuesIn(english[word as Word].message)]);
      }
    },
  );

  it.each(languages)('%s asks for words that any keyboard can write and no button says', (_, messages) => {
    const said = (word: Word) => messages[word]?.message.toLowerCase() ?? '';
    expect(said('data_forget_words')).toMatch(/^[a-z]+( [a-z]+)*$/);
    expect([said('data_forget'), said('data_forget_begin')].join()).not.toContain(said('data_forget_words'));
  });

  it('have no sentence that nothing says', () => {
    expect(Object.keys(english).filter((word) => !isUsed(word))).toEqual([]);
  });
});

describe('the code', () => {
  const found = FREE_OF_ENGLISH.flatMap((place) => filesIn(join(ROOT, place))).flatMap((file) => {
    const path = relative(ROOT, file);
    return sentencesIn(path, readFileSync(file, 'utf8')).map((said): [string, string] => [path, said]);
  });
  const stays = ([path, said]: [string, string]) => STAYS[path]?.some((one) => one instanceof RegExp && one.test(said));

  it('has no sentence of its own', () => {
    expect(found.filter((one) => !stays(one))).toEqual([]);
  });

  it('has all that may stay', () => {
    for (const [path, [, ...said]] of Object.entries(STAYS))
      for (const one of said)
        expect(
          found.some(([where, what]) => where === path && one.test(what)),
          `${one}`,
        ).toBe(true);
  });

  it.each([
    ['a.ts', "const says = 'Not live';", ['Not live']],
    ['a.ts', 'const says = `It ended now.`;', ['It ended now.']],
    ['a.ts', "wrong('must be a day');", ['must be a day']],
    ['a.tsx', '<h1 class="note bad">Ready</h1>', ['Ready']],
    ['a.tsx', '<p>\n  {count} left\n</p>', ['left']],
    ['a.tsx', '<button\n  type="button"\n>\n  Send\n</button>', ['Send']],
    ['a.tsx', '<Field label="Account" name="account">', ['Account']],
    ['a.tsx', "<p class='note bad'>{say('time_ist', at)}</p>\n}\n\nfunction Next() {", []],
    ['a.ts', "const quoted = /['\"]$/.test(text) ? 'Not live' : null;", ['Not live']],
    ['a.ts', "throw new Error('The lock is lost'); // It was lost before", []],
  ])('of %s, %j, says %j', (path, text, said) => expect(sentencesIn(path, text)).toEqual(said));
});

describe('a sentence', () => {
  afterEach(speakEnglish);

  it('takes its values, and a sign that is doubled', () => {
    speak(languageOf('en', { time_ist: { message: '$2 for $$$1, $1' } }));
    expect(say('time_ist', 'five', 6)).toBe('6 for $five, five');
  });

  it('that a file lacks is a bug, and said as one', () => {
    speak(languageOf('hi', {}));
    expect(() => say('time_ist', '06:00')).toThrow('hi has no sentence time_ist');
  });

  it.each([
    ['en', 0, 'other'],
    ['en', 1, 'one'],
    ['en', 2, 'other'],
    ['hi', 0, 'one'],
    ['hi', 1, 'one'],
    ['hi', 2, 'other'],
  ])('in %s of %i is said in the form for %s', (tag, count, form) => {
    speak(languageOf(tag, { some_one: { message: 'one $1' }, some_other: { message: 'other $1' } }));
    expect(sayCount('some' as Parameters<typeof sayCount>[0], count)).toBe(`${form} ${count}`);
  });
});

describe('times and numbers', () => {
  afterEach(speakEnglish);
  const hindi = Object.fromEntries(languages).hi ?? {};

  it.each([
    ['en', english, '2026-09-09 06:00', '06:00 on 9 Sep', '123,456.5'],
    ['en', english, '2026-11-20 06:00', '06:00', '123,456.5'],
    ['hi', hindi, '2026-11-23 06:00', '23 नव॰ को 06:00', '1,23,456.5'],
  ])('in %s are written as they are read', (tag, file, at, moment, number) => {
    speak(languageOf(tag, file));
    expect(formatMoment(ist(at), ist('2026-11-20 08:49'))).toBe(moment);
    expect(formatNumber(123_456.5)).toBe(number);
  });
});
