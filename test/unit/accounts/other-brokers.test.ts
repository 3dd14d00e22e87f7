import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import hindi from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import { otherBrokers } from '../../../utils/domain/accounts/other-brokers.ts';
import { languageOf, speak } from '../../../utils/domain/base/words.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { speakEnglish } from '../../support/speak-english.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/brokers.md'), 'utf8');
const NAMES = ['Angel One', 'Definedge', 'Groww', 'Kotak Neo', 'mStock', 'Samco'];

afterEach(speakEnglish);

it.each([
  ['en', english, 'live session', 'no login with a redirect'],
  ['hi', hindi, 'चालू सेशन', 'रीडायरेक्ट वाला लॉग इन नहीं'],
])('in %s each broker that cannot be added says why', (tag, messages, ofAngelOne, ofTheRest) => {
  speak(languageOf(tag, messages));
  const shown = otherBrokers();
  expect(shown.map(({ name }) => name)).toEqual(NAMES);
  for (const { name, says } of shown) {
    expect(says).toContain(name);
    expect(says).toContain(name === 'Angel One' ? ofAngelOne : ofTheRest);
  }
});

it('none of them can be chosen, and the docs name each', () => {
  const taken = Object.values(brokers).map(({ name }) => name);
  for (const name of NAMES) {
    expect(taken).not.toContain(name);
    expect(PAGE).toContain(name);
  }
});

it('the docs have a row for each broker that can be chosen', () => {
  for (const { name, token } of Object.values(brokers)) {
    expect(PAGE).toContain(`\n| ${name} | `);
    expect(PAGE).toContain(`\`${token.shown}\``);
  }
});
