import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDotEnv, valuesOf } from '../../../backend/src/config/dot-env/parse.ts';
import { readGiven } from '../../../backend/src/config/environment.ts';
import { explain } from '../../../backend/src/config/problems.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

const dir = temporaryDir();
afterAll(() => dir.remove());

/** What python-dotenv fills in. */
const FILLED_IN = ['$', '{HOME}'].join('');
const KITE = "ZERODHA_API_KEY=key\nZERODHA_API_SECRET='kite-secret'\n";

/** What a start says of a `.env` file: what stops it, and what it merely notes. */
function said(text: string | Buffer, ofProcess: Record<string, string> = {}) {
  writeFileSync(join(dir.path, '.env'), text);
  const { env, config, notes } = readGiven(ofProcess, dir.path);
  const problems = config.ok ? config.value.broken.flatMap((one) => one.problems) : config.problems;
  return { env, problem: explain(problems), notes };
}

describe('a line that every reader takes alike', () => {
  it.each([
    ['plain', 'KEY=value', 'value'],
    ['with each sign of an ICICI key that needs no quotes', 'KEY=a+b=c!d%e^f*g', 'a+b=c!d%e^f*g'],
    ['between single quotes, a blank at the end included', 'KEY=\'a#b $c ` "d" \'', 'a#b $c ` "d" '],
    ['between double quotes', 'KEY="a#b c"', 'a#b c'],
    ['with a comment behind it', 'KEY=value # mine', 'value'],
    ['between quotes, with a comment behind it', "KEY='va#lue' # mine", 'va#lue'],
    ['exported', 'export KEY=value', 'value'],
    ['empty', 'KEY=', ''],
    ['empty, with a blank behind =', 'KEY= ', ''],
    ['empty between quotes', "KEY=''", ''],
  ])('%s', (_name, line, value) => {
    const { entries, strays } = parseDotEnv(`# a comment\n\n${line}\nNEXT=https://example.net/\n`);
    const [entry, next] = entries;
    expect(entry).toEqual({ name: 'KEY', line: 3, value, doubts: [] });
    expect(next).toMatchObject({ name: 'NEXT', value: 'https://example.net/' });
    expect(strays).toEqual([]);
  });

  it('swallows no line after an empty variable: the administrator’s password is not the next line', () => {
    const { env } = said(`${KITE}ADMIN_PASSWORD= \nALERT_WEBHOOK_URL=https://example.net/hook\n`);
    expect(env.ADMIN_PASSWORD).toBeUndefined();
    expect(env.ALERT_WEBHOOK_URL).toBe('https://example.net/hook');
  });
});

describe('a line that the readers take in more than one way is not used, and is told with its number and the way to write it', () => {
  it.each([
    [
      'a # without quotes',
      'BREEZE_API_KEY=8g791^N029R47I831B8153=^O2f#7u8g',
      'dotenv cuts the value at #: put the value between single quotes',
    ],
    ['a # after a blank', 'BREEZE_API_KEY= #abc', 'what follows # may count as a comment'],
    ['${', `BREEZE_API_KEY=a${FILLED_IN}b`, '${ is filled in by python-dotenv'],
    ['${ between single quotes', `BREEZE_API_KEY='a${FILLED_IN}b'`, '${ is filled in by python-dotenv'],
    [
      'a backslash between double quotes',
      'BREEZE_API_KEY="a\\nb"',
      'a backslash between double quotes is read in more than one way',
    ],
    ['two backslashes between single quotes', "BREEZE_API_KEY='a\\\\b'", 'two backslashes, or one at the end'],
    [
      'a quote that is never closed',
      "BREEZE_API_KEY='abc",
      'the quote in front is not the last character, or is never closed',
    ],
    ['something behind the closing quote', "BREEZE_API_KEY='abc'def", 'something stands behind the closing quote'],
    ['backticks', 'BREEZE_API_KEY=`abc`', 'the quote in front'],
    ['two lines between quotes', "BREEZE_API_KEY='abc\ndef'", 'the value goes over more than one line'],
    ['a # at the end', 'BREEZE_API_KEY=asdf123!@#', 'dotenv cuts the value at #'],
    ['a # in the middle', 'BREEZE_API_KEY=hf_AbC#123xyz', 'dotenv cuts the value at #'],
    ['a colon in place of =', 'BREEZE_API_KEY: abc', 'write = behind the name'],
    ['no =', 'BREEZE_API_KEY', 'write = behind the name'],
    ['a zero-width space in the value', 'BREEZE_API_KEY=a\u200bbc', 'a character that nobody sees (U+200B)'],
    ['a no-break space behind the value', 'BREEZE_API_KEY=abc\u00a0', 'a character that nobody sees (U+00A0)'],
    ['a mark of direction between quotes', "BREEZE_API_KEY='abc\u202e'", 'a character that nobody sees (U+202E)'],
    ['a soft hyphen in the name', 'BREEZE_API\u00ad_KEY=abc', 'a character that nobody sees (U+00AD)'],
    ['a no-break space in front of the name', '\u00a0BREEZE_API_KEY=abc', 'a character that nobody sees (U+00A0)'],
    ['the quotes of a word processor', 'BREEZE_API_KEY=“abc”', 'the quotes are those of a word processor'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('BREEZE_API_KEY=a'), Buffer.from([0xe9]), Buffer.from('b')]),
      'the line is no UTF-8',
    ],
  ])('%s', (_name, line, words) => {
    const text = Buffer.concat([
      Buffer.from(KITE),
      Buffer.from(line),
      Buffer.from('\nBREEZE_API_SECRET=breeze-secret\n'),
    ]);
    const { problem } = said(text);
    expect(problem).toContain('BREEZE_API_KEY in line 3 of .env: ');
    expect(problem).toContain(words);
    expect(problem).not.toMatch(/8g791|kite-secret|breeze-secret/);
  });

  it.each([
    ['another program’s variable', 'SECRET_OF_ANOTHER=a#b'],
    ['an older line of the same variable', "ZERODHA_USER_ID=A#B\nZERODHA_USER_ID='AB1234'"],
  ])('but not for %s', (_name, line) => expect(said(`${KITE}${line}\n`).problem).toBe(''));

  it('but not where the process sets the variable, which is what counts', () => {
    expect(said(`${KITE}BREEZE_API_KEY=a#b\n`, { BREEZE_API_KEY: 'ab', BREEZE_API_SECRET: 'c' }).problem).toBe('');
  });

  it('names one of ours that stands inside the quotes of another program’s variable', () => {
    const { problem } = said("OTHER='begins\nZERODHA_API_KEY=key\nends'\nZERODHA_API_SECRET=secret\n");
    expect(problem).toContain('ZERODHA_API_KEY stands inside the quotes of OTHER, which begin in line 1 of .env');
  });

  it('reads on in the next line after a quote of another program that was forgotten', () => {
    expect(said(`OTHER="begins\n${KITE}LAST="x"\n`)).toMatchObject({ problem: '', env: { ZERODHA_API_KEY: 'key' } });
  });
});

describe('what only a shell would read otherwise, and what nobody reads, is noted', () => {
  it.each([
    [
      'a blank in the value',
      'DATA_DIR=my data',
      '.env, line 3: a shell would read DATA_DIR otherwise: put the value between single quotes',
    ],
    [
      'signs of a shell',
      'ADMIN_PASSWORD=p&q(r)s|t',
      '.env, line 3: a shell would read ADMIN_PASSWORD otherwise: put the value between single quotes',
    ],
    ['a $ in a word between double quotes', 'ADMIN_PASSWORD="foo$bar99"', 'put the value between single quotes'],
    ['a $ between double quotes', 'ADMIN_PASSWORD="pa$sword"', 'put the value between single quotes'],
    [
      'blanks around =',
      'DATA_DIR = data',
      '.env, line 3: a shell would read DATA_DIR otherwise: take out the blanks around =',
    ],
    [
      'blanks at the end of a key',
      'BREEZE_API_KEY=abc  \nBREEZE_API_SECRET=s',
      '.env, line 3: the blanks at its end are left out in BREEZE_API_KEY: where that belongs to it, put the value between single quotes',
    ],
    [
      'a # in a key, behind a blank',
      'BREEZE_API_KEY=abc #7u8g\nBREEZE_API_SECRET=s',
      '.env, line 3: what follows # is a comment in BREEZE_API_KEY: where that belongs to it, put the value between single quotes',
    ],
    ['a # in a password', 'ADMIN_PASSWORD=abcdefgh #7', 'what follows # is a comment in ADMIN_PASSWORD'],
    ['a name twice', 'DATA_DIR=a\nDATA_DIR=b', '.env, line 3: DATA_DIR comes once more below, and the last one counts'],
    [
      'the rest of a value that was broken',
      'DATA_DIR=abc\n+def',
      '.env, line 4 is neither a variable nor a comment, and is passed over',
    ],
    ...[
      'set ADMIN_PASSWORD=abcdefgh1',
      '$env:ADMIN_PASSWORD = "abcdefgh1"',
      'declare -x ADMIN_PASSWORD="abcdefgh1"',
      '- ADMIN_PASSWORD=abcdefgh1',
      '"ADMIN_PASSWORD": "abcdefgh1",',
      'ADMIN_PASSWORD:=abcdefgh1',
      'ADMIN_PASSWORD\uff1dabcdefgh1',
      '//ADMIN_PASSWORD=abcdefgh1',
    ].map((line): [string, string, string] => [
      'a variable that only another program reads',
      line,
      '.env, line 3 is neither a variable nor a comment, and is passed over: write ADMIN_PASSWORD= at its beginning',
    ]),
    ['a slip in a name', 'DATADIR=x', 'DATADIR is passed over: did you mean DATA_DIR?'],
    ['a slip in a name', 'PRT=1', 'PRT is passed over: did you mean PORT?'],
    ['a slip in a name', 'LOGLEVEL=debug', 'LOGLEVEL is passed over: did you mean LOG_LEVEL?'],
    ['a slip in a name', 'ADMIN_PASWORD=x', 'ADMIN_PASWORD is passed over: did you mean ADMIN_PASSWORD?'],
    [
      'a file of Docker’s',
      'ADMIN_PASSWORD_FILE=/run/x',
      'ADMIN_PASSWORD_FILE is passed over: did you mean ADMIN_PASSWORD?',
    ],
    ['small letters', 'admin_password=x', 'admin_password is passed over: did you mean ADMIN_PASSWORD?'],
  ])('%s', (_name, line, note) => {
    const { problem, notes } = said(`${KITE}${line}\n`);
    expect(problem).toBe('');
    expect(notes.join('; ')).toContain(note);
  });

  it.each([
    ['a byte order mark', `\ufeff${KITE}`, '.env begins with a byte order mark'],
    ['line ends of Windows', KITE.replaceAll('\n', '\r\n'), '.env has the line ends of Windows'],
  ])('%s, and the values are right', (_name, text, note) => {
    const { problem, notes, env } = said(text);
    expect({ problem, note: notes.some((one) => one.startsWith(note)) }).toEqual({ problem: '', note: true });
    expect(env).toEqual({ ZERODHA_API_KEY: 'key', ZERODHA_API_SECRET: 'kite-secret' });
  });

  it('says nothing of a file that is well written', () => {
    expect(
      said(`# mine\n${KITE}export DATA_DIR='my data' # here\nPORT=8787 # mine\nZERODHA_USER_PIN_OF_ANOTHER=1\n`).notes,
    ).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  it('of UTF-16 is named', () => {
    expect(said(Buffer.from(`\ufeff${KITE}`, 'utf16le')).problem).toContain('.env is no UTF-8: save it as UTF-8');
  });
});

describe('a line without a doubt', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'b1',
      ' ',
      '#',
      "'",
      '"',
      '`',
      '\\',
      '$',
      FILLED_IN,
      '=',
      ':',
      '&',
      '(',
      '~',
      '!',
      '*',
      ';',
      '\t',
      '+',
      '%',
    ],
  );

  it('is read by bash as by us', () => {
    const file = join(dir.path, 'bash.env');
    const line = fc.array(piece, { maxLength: 8 }).map((pieces) => `KEY=${pieces.join('')}`);
    fc.assert(
      fc.property(line, (text) => {
        const { entries } = parseDotEnv(text);
        fc.pre(entries.length === 1 && entries[0]?.doubts.length === 0);
        writeFileSync(file, `${text}\n`);
        const read = execFileSync('bash', ['--norc', '-c', `. "${file}"; printf %s "$KEY"`], { encoding: 'utf8' });
        expect(valuesOf(text)).toEqual({ KEY: read });
      }),
      { numRuns: 60 },
    );
  });
});
