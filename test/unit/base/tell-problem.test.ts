import { afterEach, describe, expect, it } from 'vitest';
import hindi from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import { readHolidays } from '../../../utils/domain/accounts/holidays/holiday-list.ts';
import { AccountForm } from '../../../utils/domain/accounts/settings.ts';
import { type Checked, type ToldProblem, told } from '../../../utils/domain/base/check.ts';
import { nameOfField, tellProblems } from '../../../utils/domain/base/tell-problem.ts';
import { languageOf, say, speak } from '../../../utils/domain/base/words.ts';
import { Pairing, readPairing } from '../../../utils/shared/pairing.ts';
import { speakEnglish } from '../../support/speak-english.ts';

const problemsIn = (checked: Checked<unknown>): readonly ToldProblem[] => (checked.ok ? [] : checked.problems);

describe('what is wrong, told to a person', () => {
  afterEach(speakEnglish);

  it.each([
    ['account', 'problem_paused', 'The account is paused.', 'खाता रुका हुआ है।'],
    ['redirect_url', 'problem_invalid', 'The redirect URL is not valid.', 'रीडायरेक्ट URL मान्य नहीं है।'],
    ['form.redirectUrl', 'problem_invalid', 'The redirect URL is not valid.', 'रीडायरेक्ट URL मान्य नहीं है।'],
    ['pairing', 'problem_pairing_empty', 'The pairing string is empty.', 'पेयरिंग स्ट्रिंग खाली है।'],
    ['own.days.3.date', 'problem_invalid', 'One value is not valid.', 'एक मान मान्य नहीं है।'],
    ['toString', 'problem_invalid', 'One value is not valid.', 'एक मान मान्य नहीं है।'],
  ] as const)('names %s in each language', (field, word, english, inHindi) => {
    expect(tellProblems([{ field, message: say(word) }])).toBe(english);
    speak(languageOf('hi', hindi));
    expect(tellProblems([{ field, message: say(word) }])).toBe(inHindi);
  });

  it('names every field of a pairing string, and of an account', () => {
    const names = [...Object.keys(Pairing.shape), ...Object.keys(AccountForm.shape)];
    expect(names.filter((name) => nameOfField(name) === say('field_other'))).toEqual([]);
  });

  it('says which line of a list is wrong, and no more than three', () => {
    const list = problemsIn(
      readHolidays('Holidays\n2027-13-01\n2027-14-01\n2027-15-01\n2027-16-01\n2027-17-01', 'nse-fo'),
    );
    const told = tellProblems(list);
    expect(told).toMatch(/^Line 2 holds no day .*\. Line 3 .*\. Line 4 .*\. And 2 more\.$/);
  });

  it('holds nothing of what a stranger wrote into a pairing string', () => {
    const text = `obp1_${btoa(JSON.stringify({ '<b>evil</b>': 1 }))}`;
    expect(tellProblems(problemsIn(told(readPairing(text))))).not.toContain('evil');
    expect(tellProblems([{ field: '<b>evil</b>', message: say('problem_unknown_field') }])).toBe(
      'One value is not a known field.',
    );
  });
});
