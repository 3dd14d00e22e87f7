import { parseJson, z } from '../../shared/schema.ts';
import { DestinationUrl } from '../../shared/urls.ts';
import { destinationsOf, whyOneDestination } from '../accounts/destinations.ts';
import { leaveOut } from '../accounts/left-out.ts';
import { isOpen, isPlaceholder } from '../accounts/placeholders.ts';
import { AccountClock, Preferences } from '../accounts/preferences.ts';
import { type Account, AccountForm, CoherentDestination, type Destination, PlainForm } from '../accounts/settings.ts';
import { type Checked, check, type ToldProblem } from '../base/check.ts';
import { say } from '../base/words.ts';
import { type Dashboard, DashboardForm } from '../dashboards/dashboard.ts';
import { exported } from '../records/exportable-fields.ts';

const FORMAT = 'opening-bell-settings';
const VERSION = 1;
export const LARGEST_BYTES = 256 * 1_024;

const { account: _account, ...dashboardShape } = DashboardForm.shape;

/** A destination as a settings file has it: without its pairing, what its header says, and values that may be secret. */
export const FileDestination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed'), url: DestinationUrl }),
  z.strictObject(PlainForm),
]);
export type FileDestination = z.infer<typeof FileDestination>;

export const FileDashboard = z.strictObject(dashboardShape);
export type FileDashboard = z.infer<typeof FileDashboard>;

/** An account with everything that hangs on it; the first destination is its own, the others get the token too. */
export const FileAccount = z.strictObject({
  ...AccountForm.shape,
  paused: z.boolean(),
  clock: z.optional(AccountClock),
  destinations: z.array(FileDestination).check(z.maxLength(10)),
  dashboards: z.array(FileDashboard).check(z.maxLength(20)),
});
export type FileAccount = z.infer<typeof FileAccount>;

/** What `Export settings` writes and an import reads: the whole of the settings, and nothing secret. */
const SettingsFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  accounts: z.array(FileAccount).check(z.maxLength(50)),
  preferences: Preferences,
});
export type SettingsFile = z.infer<typeof SettingsFile>;

/** All that a person has set, as it is stored. */
export interface Settings {
  accounts: readonly Account[];
  destinations: readonly Destination[];
  dashboards: readonly Dashboard[];
  preferences: Preferences;
}

/** The settings as a file: every field by its declaration in `fates.ts`, and no other. */
export function settingsFile({ accounts, destinations, dashboards, preferences }: Settings): SettingsFile {
  return {
    format: FORMAT,
    version: VERSION,
    accounts: accounts.map((account) => ({
      ...(exported('account', account) as Omit<FileAccount, 'destinations' | 'dashboards'>),
      destinations: destinationsOf(destinations, account.id).map(fileDestination),
      dashboards: dashboards
        .filter((one) => one.account === account.id)
        .map((one) => exported('dashboard', one) as FileDashboard),
    })),
    preferences: exported('preferences', preferences) as Preferences,
  };
}

/** A stored destination as a settings file has it. */
export function fileDestination(destination: Destination): FileDestination {
  return leaveOut(exported('destination', destination) as FileDestination);
}

/** Reads a settings file; what is wrong is named by its field, and a file with anything wrong is not taken in part. */
export function readSettingsFile(text: string): Checked<SettingsFile> {
  if (new TextEncoder().encode(text).length > LARGEST_BYTES) return problemOf('file', say('problem_file_large'));
  const value = parseJson(text);
  if (value === undefined || value === null || typeof value !== 'object')
    return problemOf('file', say('problem_file_json'));
  const secrets = secretsIn(value, []);
  if (secrets.length > 0) return { ok: false, problems: secrets };
  const { format, version } = value as Record<string, unknown>;
  if (format !== FORMAT) return problemOf('format', say('problem_file_format', FORMAT));
  if (version !== VERSION) return problemOf('version', say('problem_file_version', VERSION));
  const file = check(SettingsFile, value, 'file');
  if (!file.ok) return file;
  const problems = contradictions(file.value);
  return problems.length > 0 ? { ok: false, problems } : file;
}

const SECRET_NAME = /secret|password|passphrase|totp|otp$|pin$|token$|apisession|private/i;
const SECRET_VALUE = /whsec_|obp1_/;

/** Secrets are refused by name and by look, before anything else is said: they belong in no file. */
function secretsIn(value: unknown, path: readonly string[]): ToldProblem[] {
  const here = (): ToldProblem[] => [{ field: path.join('.') || 'file', message: say('problem_file_secret') }];
  if (typeof value === 'string') return SECRET_VALUE.test(value) ? here() : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) => {
    const at = [...path, name];
    if (SECRET_NAME.test(name) && !Array.isArray(value) && !isPlaceholder(inside))
      return [{ field: at.join('.'), message: say('problem_file_secret') }];
    return secretsIn(inside, at);
  });
}

/** What no single field can tell: the same thing twice, or parts that do not fit together. */
function contradictions({ accounts }: SettingsFile): ToldProblem[] {
  const names = accounts.map(({ broker, name }) => `${broker} ${name}`);
  const origins = accounts.flatMap(({ dashboards }) => dashboards.map(({ origin }) => origin));
  return accounts.flatMap((account, at) => {
    const field = (...rest: (string | number)[]) => ['accounts', at, ...rest].join('.');
    const twice = (all: readonly string[], one: string, from = 0) => all.indexOf(one, from) !== all.lastIndexOf(one);
    const urls = account.destinations.map(({ url }) => url);
    const why = urls.length > 1 ? whyOneDestination(account) : null;
    return [
      ...(twice(names, `${account.broker} ${account.name}`) ? [problem(field('name'), say('problem_twice'))] : []),
      ...(why === null ? [] : [problem(field('destinations'), say('problem_one_destination'))]),
      ...account.destinations.flatMap((one, index) => [
        ...(twice(urls, one.url) && !isOpen(one.url)
          ? [problem(field('destinations', index, 'url'), say('problem_twice'))]
          : []),
        ...incoherent(one).map((found) => problem(field('destinations', index, found.field), found.message)),
      ]),
      ...account.dashboards.flatMap(({ origin }, index) =>
        twice(origins, origin) ? [problem(field('dashboards', index, 'origin'), say('problem_twice'))] : [],
      ),
    ];
  });
}

/** By the rules of the form, as if the secret that no file holds had been entered. */
function incoherent(destination: FileDestination): ToldProblem[] {
  if (destination.kind === 'signed') return [];
  const checked = check(CoherentDestination, { ...destination, secret: 'entered' });
  return checked.ok ? [] : checked.problems;
}

function problem(field: string, message: string): ToldProblem {
  return { field, message };
}

function problemOf(field: string, message: string): Checked<never> {
  return { ok: false, problems: [{ field, message }] };
}
