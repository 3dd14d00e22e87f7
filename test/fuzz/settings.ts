import fc from 'fast-check';
import { Account, AccountForm, Destination, DestinationForm } from '../../utils/domain/accounts/settings.ts';
import { check } from '../../utils/domain/base/check.ts';
import { unwrap, wrap } from '../../utils/domain/base/records.ts';
import { Command } from '../../utils/domain/hold/messages.ts';
import { readPairing, writePairing } from '../../utils/shared/pairing.ts';
import { account, pairing, plain, SECRET, signed } from '../support/samples/samples.ts';

const { id: _id, confirmedUser: _user, paused: _paused, createdAt: _at, ...accountForm } = account();
const { id: _pid, account: _pa, savedAt: _ps, createdAt: _pc, ...plainForm } = { ...plain(), secret: 'a header' };
const SAMPLES: Record<string, unknown>[] = [
  account(),
  accountForm,
  signed(),
  plain(),
  { kind: 'signed', url: signed().url, secret: SECRET },
  plainForm,
  pairing(),
  { type: 'save-account', id: null, form: accountForm },
  { type: 'save-destination', account: 'account1', form: plainForm },
];
const SCHEMAS = [Account, AccountForm, Destination, DestinationForm, Command];

const URLS = [
  'http://evil.example/',
  'https://user:pw@site.example/',
  'https://site.example/#x',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'http://127.0.0.1:1/',
  'HTTPS://SITE.example',
  'http:127.0.0.1',
  'http://①27.0.0.1/',
  'http://2130706433/',
  'ws://127.0.0.1/',
];
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...URLS,
    null,
    undefined,
    '',
    ' ',
    0,
    -1,
    Number.NaN,
    [],
    {},
    true,
    '__proto__',
    '\u0000',
    'ob_',
    SECRET,
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.webUrl(),
  fc.integer(),
);

/** A valid input with some of its fields changed, dropped or added, or no such thing at all. */
export const settingsCases: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...SAMPLES), fc.array(fc.tuple(fc.nat(20), odd), { maxLength: 3 }), fc.boolean())
      .map(([sample, changes, adds]) => {
        const keys = Object.keys(sample);
        const changed: Record<string, unknown> = { ...sample };
        for (const [index, value] of changes) changed[keys[index % keys.length] ?? ''] = value;
        return adds && changes.length > 2 ? { ...changed, extra: 1 } : changed;
      }),
  },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 2 }) },
);

/** What is wrong with how settings were taken, or null. */
export function mistaken(input: unknown): string | null {
  for (const schema of SCHEMAS) {
    const checked = check(schema, input);
    if (!checked.ok && (checked.problems.length === 0 || checked.problems.some(({ message }) => message === '')))
      return 'refused without saying why';
    if (checked.ok && unsafe(checked.value))
      return `took an address that is not safe: ${JSON.stringify(checked.value)}`;
    if (checked.ok && !unwrap({ schema, migrations: [] }, wrap({ migrations: [] }, checked.value)).ok)
      return 'took what it cannot keep';
  }
  const read = readPairing(lineOf(input));
  return read.ok && unsafe(read.value) ? 'paired with an address that is not safe' : null;
}

function lineOf(input: unknown): string {
  try {
    return writePairing(input as Parameters<typeof writePairing>[0]);
  } catch {
    // Letters beyond Latin-1, cycles: no line can carry them.
    return String(JSON.stringify(String(input)));
  }
}

/** A destination goes by https, or by http to this very machine, and its address names nobody and no place in a page. */
function unsafe(value: unknown): boolean {
  const { url, redirectUrl, form } = value as { url?: string; redirectUrl?: string; form?: unknown };
  if (form !== undefined) return unsafe(form);
  if (redirectUrl !== undefined && !/^https?:/i.test(redirectUrl)) return true;
  if (url === undefined) return false;
  const { href } = new URL(url);
  return !/^(https:\/\/[^/@?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)([/?][^#]*)?$/.test(href);
}
