import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withVariable } from '../../../backend/src/compat/env-file/line.ts';
import { valuesOf } from '../../../backend/src/config/dot-env/parse.ts';

const NAME = 'ZERODHA_ACCESS_TOKEN';

describe('one variable of a .env file', () => {
  it.each([
    ['an empty file', '', `${NAME}='new'\n`],
    ['a file without it', 'A=1\n', `A=1\n${NAME}='new'\n`],
    ['a last line without an end', 'A=1', `A=1\n${NAME}='new'\n`],
    ['its old value', `A=1\n${NAME}=old\nB=2\n`, `A=1\n${NAME}='new'\nB=2\n`],
    ['an exported one', `export ${NAME}="old"\nB=2`, `export ${NAME}='new'\nB=2`],
    ['two of it, of which the last one counts', `${NAME}=1\n${NAME}=2\n`, `${NAME}=1\n${NAME}='new'\n`],
    ['a commented one', `#${NAME}=old\n`, `#${NAME}=old\n${NAME}='new'\n`],
    ['one whose name only begins alike', `${NAME}_2=old\n`, `${NAME}_2=old\n${NAME}='new'\n`],
    ['lines that end as in Windows', `A=1\r\n${NAME}=old\r\n`, `A=1\r\n${NAME}='new'\r\n`],
    ['a comment and a blank line', `# mine\n\n${NAME}=old # why\n`, `# mine\n\n${NAME}='new'\n`],
  ])('is changed in %s, and nothing else is', (_name, before, after) => {
    expect(withVariable(before, NAME, 'new')).toBe(after);
  });

  it.each([
    ['a quote', "a'b"],
    ['a line end', 'a\nb'],
    ['a substitution', ['$', '{HOME}'].join('')],
  ])('is refused with %s, which no reader of such files reads alike', (_name, value) => {
    expect(withVariable('A=1\n', NAME, value)).toBeNull();
  });

  it('is refused where its line stands inside another variable’s quotes', () => {
    expect(withVariable(`A="one\n${NAME}=old\ntwo"\n`, NAME, 'new')).toBeNull();
  });

  it('reads back as it was given, whatever else the file says', () => {
    const line = fc.stringMatching(/^[A-Z]{1,6}=[A-Za-z0-9 "#=+/]{0,20}$/);
    const value = fc.stringMatching(/^[A-Za-z0-9+/=#^&% "]{1,40}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), value, (lines, given) => {
        const before = lines.join('\n');
        const after = withVariable(before, NAME, given);
        if (after === null) return;
        expect(valuesOf(after)).toEqual({ ...valuesOf(before), [NAME]: given });
      }),
    );
  });
});
