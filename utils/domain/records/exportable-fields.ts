import type { z } from '../../shared/schema.ts';
import type { STORED } from './stored.ts';

/**
 * What may become of a stored thing (STO-10). `exported`: shown, and part of a settings file. `shown`: on our own screens
 * only. `blanked`: shown, and part of a settings file without the values in it that may be secret (`left-out.ts`). `inside`: nobody reads it but our own code. `secret`: not even shown to the person who entered it.
 */
type Fate = 'exported' | 'blanked' | 'shown' | 'inside' | 'secret';

/** Every field of every variant, so that a new one does not compile before it is declared here. */
type FieldsOf<T> = T extends unknown ? keyof T : never;
type Fields<T> = Record<Extract<FieldsOf<T>, string>, Fate>;
/** What names no fields is never exported, whatever fields it will have one day. */
type Declared<T> = Exclude<Fate, 'exported' | 'blanked'> | Fields<T>;

/** The fate of everything that is stored, kind by kind. */
export const FATES = {
  account: {
    id: 'inside',
    broker: 'exported',
    name: 'exported',
    apiKey: 'exported',
    redirectUrl: 'exported',
    mode: 'exported',
    expectedUser: 'exported',
    confirmedUser: 'shown',
    paused: 'exported',
    createdAt: 'inside',
    clock: 'exported',
    // A container is one of this browser.
    container: 'inside',
  },
  destination: {
    id: 'inside',
    account: 'inside',
    savedAt: 'shown',
    createdAt: 'inside',
    further: 'inside',
    kind: 'exported',
    url: 'blanked',
    fingerprint: 'shown',
    method: 'exported',
    format: 'exported',
    field: 'exported',
    // A person may have put a password of their backend there.
    extra: 'blanked',
    login: 'exported',
    redirect: 'exported',
    authorization: 'exported',
    success: 'exported',
    status: 'blanked',
    unconfirmed: 'shown',
  },
  dashboard: {
    id: 'inside',
    createdAt: 'inside',
    origin: 'exported',
    account: 'inside',
    signals: 'exported',
    rules: 'exported',
    readLimitMs: 'exported',
    actLimitMs: 'exported',
    lookup: 'exported',
    unconfirmed: 'shown',
  },
  preferences: { notify: 'exported', morning: 'exported', quiet: 'exported', market: 'exported', own: 'exported' },
  facts: 'shown',
  notice: 'shown',
  history: 'shown',
  log: 'shown',
  lost: 'shown',
  ledger: 'inside',
  clock: 'inside',
  reminders: 'inside',
  attempts: 'inside',
  login: 'inside',
  outcome: 'inside',
  round: 'inside',
  cancelled: 'inside',
  secret: 'secret',
  delivery: 'secret',
  ask: 'secret',
  seen: 'secret',
} satisfies { [K in keyof typeof STORED]: Declared<z.infer<(typeof STORED)[K]['schema']>> };

/** The kinds whose fields are declared one by one. */
export type Exportable = {
  [K in keyof typeof FATES]: (typeof FATES)[K] extends string ? never : K;
}[keyof typeof FATES];

/** The names of the fields of a kind that a settings file may hold. */
export function exportedFields(kind: Exportable): string[] {
  return Object.entries(FATES[kind]).flatMap(([name, fate]) =>
    fate === 'exported' || fate === 'blanked' ? [name] : [],
  );
}

/** The fields of a stored record that a settings file may hold; what is blanked in it is still as it is stored. */
export function exported(kind: Exportable, record: object): Record<string, unknown> {
  const names = new Set(exportedFields(kind));
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => names.has(name) && value !== undefined));
}
