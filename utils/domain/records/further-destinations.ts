import { migrate, unwrap, versionOf, wrap } from '../base/records.ts';
import { STORED } from './stored.ts';

/** The last version that stored a further destination as an account of its own, with the facts under the account. */
const LAST = 3;

/** What an update has to change of what is stored: all of it at once, or nothing. */
export interface Changes {
  put: Map<string, unknown>;
  gone: string[];
}

interface Older {
  id: string;
  version: number;
  data: Record<string, unknown>;
}

/** Whether an account is of a version that stored further destinations as accounts: a look that costs no reading. */
export function isOlder(record: unknown): boolean {
  const { version } = Object(record) as { version?: unknown };
  return typeof version === 'number' && version <= LAST;
}

/**
 * Takes further destinations that were stored as accounts (0.1.0) to their own account, and facts to their destination.
 * Null where nothing is that old. Doing it again changes nothing, and what is damaged stays where it is.
 */
export function withoutCopies(records: ReadonlyMap<string, unknown>): Changes | null {
  const accounts = olderUnder(records, 'account:');
  if (accounts.length === 0) return null;
  const ids = new Set(keysUnder(records, 'account:'));
  const owners = new Map(accounts.flatMap(({ id, data }) => (isCopy(data, ids) ? [[id, String(data.copyOf)]] : [])));
  const changes: Changes = { put: new Map(), gone: [] };
  for (const one of olderUnder(records, 'facts:')) moveFacts(one, records, owners, changes);
  for (const one of olderUnder(records, 'destination:')) {
    const account = String(one.data.account);
    const createdAt = accounts.find(({ id }) => id === account)?.data.createdAt ?? one.data.savedAt;
    const moved = { ...migrated('destination', one), createdAt, ...ownerOf(account, owners) };
    changes.put.set(`destination:${one.id}`, wrap(STORED.destination, moved));
  }
  for (const one of accounts) {
    if (owners.has(one.id)) changes.gone.push(`account:${one.id}`);
    else changes.put.set(`account:${one.id}`, wrap(STORED.account, migrated('account', one)));
  }
  const log = unwrap(STORED.log, records.get('log'));
  if (log.ok && owners.size > 0)
    changes.put.set(
      'log',
      wrap(
        STORED.log,
        log.value.map((one) => ofOwner(one, owners)),
      ),
    );
  return changes;
}

function isCopy({ copyOf }: Record<string, unknown>, ids: ReadonlySet<string>): boolean {
  return typeof copyOf === 'string' && ids.has(copyOf);
}

function ownerOf(account: string, owners: ReadonlyMap<string, string>): object {
  const owner = owners.get(account);
  return owner === undefined ? { account } : { account: owner, further: true };
}

/** The facts of an account go to its destination, what was seen of it stays its own. */
function moveFacts(
  older: Older,
  records: ReadonlyMap<string, unknown>,
  owners: ReadonlyMap<string, string>,
  { put, gone }: Changes,
): void {
  const { id, data } = older;
  const destination = destinationOf(id, records);
  const key = `facts:${destination ?? id}`;
  if (destination !== null || owners.has(id)) gone.push(`facts:${id}`);
  // Facts that stand there already are newer.
  const isThere = destination !== null && records.has(key);
  if (!isThere && (destination !== null || !owners.has(id)))
    put.set(key, wrap(STORED.facts, { ...migrated('facts', older), destination: destination ?? id }));
  if (data.notice && !owners.has(id)) put.set(`notice:${id}`, wrap(STORED.notice, { ...data.notice, account: id }));
}

function destinationOf(account: string, records: ReadonlyMap<string, unknown>): string | null {
  const ids = keysUnder(records, 'destination:');
  return ids.find((id) => versionOf(records.get(`destination:${id}`))?.data.account === account) ?? null;
}

function ofOwner<T extends object>(entry: T, owners: ReadonlyMap<string, string>): T {
  const owner = 'account' in entry && owners.get(String(entry.account));
  return owner ? { ...entry, account: owner } : entry;
}

function migrated(kind: 'account' | 'destination' | 'facts', { version, data }: Older): object {
  return Object(migrate(STORED[kind], data, version));
}

function olderUnder(records: ReadonlyMap<string, unknown>, prefix: string): Older[] {
  return keysUnder(records, prefix).flatMap((id) => {
    const read = versionOf(records.get(prefix + id));
    return read && read.version <= LAST ? [{ id, ...read }] : [];
  });
}

function keysUnder(records: ReadonlyMap<string, unknown>, prefix: string): string[] {
  return [...records.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}
