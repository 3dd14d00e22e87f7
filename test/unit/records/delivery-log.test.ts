import { describe, expect, it } from 'vitest';
import type { TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { type DeliveryRow, deliveryLog } from '../../../utils/domain/records/delivery-log.ts';
import type { Log, LogEntry } from '../../../utils/domain/records/log.ts';
import { DELIVERY_ID, delivery, facts, KITE_TOKEN, NOW, trouble } from '../../support/samples/samples.ts';

const OTHER_ID = `ob_${'b3'.repeat(13)}`;
type Outcome = Extract<LogEntry, { event: 'check' }>['outcome'];

const sent = (outcome: Outcome, at: number, id = DELIVERY_ID, status?: number): LogEntry => ({
  event: 'delivery',
  account: 'account1',
  outcome,
  status,
  ms: 5,
  delivery: id,
  destination: 'destination1',
  kind: 'one-time',
  bytes: 251,
  at,
});
const proof = (outcome: Outcome, at: number, account = 'account1'): LogEntry => ({
  event: 'check',
  account,
  outcome,
  ms: 5,
  destination: 'destination1',
  at,
});
const rows = (log: Log, outbox = [] as Parameters<typeof deliveryLog>[1], known = facts()) =>
  deliveryLog(log, outbox, new Map([['destination1', known]]), NOW);
const short = (list: readonly DeliveryRow[]) =>
  list.map(({ what, attempts }) => [what, attempts.map(({ outcome }) => outcome).join()]);

describe('the delivery log', () => {
  it('is one line for a delivery with all its attempts, the newest first', () => {
    const log = [sent('unavailable', 1, DELIVERY_ID, 503), sent('applied', 2, OTHER_ID), sent('applied', 3)];
    expect(short(rows(log))).toEqual([
      ['delivery', 'unavailable,applied'],
      ['delivery', 'applied'],
    ]);
    expect(rows(log)[0]).toMatchObject({ at: 3, delivery: DELIVERY_ID, token: 'one-time', bytes: 251 });
  });

  it('folds proofs that follow each other into one line, and begins a new one after a delivery', () => {
    const log = [
      proof('proven', 1),
      proof('unreachable', 2),
      proof('proven', 3),
      sent('applied', 4),
      proof('proven', 5),
    ];
    expect(short(rows(log))).toEqual([
      ['proof', 'proven'],
      ['delivery', 'applied'],
      ['proof', 'proven,unreachable,proven'],
    ]);
  });

  it('keeps the accounts apart', () => {
    expect(rows([proof('proven', 1), proof('proven', 2, 'account2'), proof('unreachable', 3)])).toHaveLength(2);
  });

  it('reads what an older version logged, a line for each entry', () => {
    const { delivery: _id, destination: _to, kind: _kind, bytes: _bytes, ...older } = sent('applied', 1) as Sent;
    expect(rows([older, { ...older, at: 2 }])).toMatchObject([
      { at: 2, delivery: null, token: null },
      { at: 1, destination: null },
    ]);
  });

  it.each<[Partial<Parameters<typeof delivery>[0]>, DeliveryRow['waits'], boolean]>([
    [{ state: 'waiting' }, 'waiting', true],
    [{ state: 'held' }, 'held', true],
    [{ state: 'held', expiresAt: NOW }, 'held', false],
    [{ state: 'waiting', sending: { worker: 'w', at: NOW } }, 'sending', false],
    [{ state: 'observed' }, 'observed', false],
    [{ state: 'ended', body: null }, null, false],
  ])('offers a delivery again only while it waits and its token lives: %j', (change, waits, canRedeliver) => {
    expect(rows([], [delivery(change)])).toMatchObject([{ waits, canRedeliver, attempts: [] }]);
    expect(rows([sent('configuration', 1)], [delivery(change)])).toMatchObject([{ waits, canRedeliver }]);
  });

  it('tells the receiver’s own words while they are known', () => {
    const words = trouble('configuration', { words: 'no such key' });
    expect(rows([sent('configuration', 1)], [delivery({ trouble: words })])).toMatchObject([{ words: 'no such key' }]);
    const login = { delivery: DELIVERY_ID, via: 'redirect', capturedAt: 1, endedAt: 2, end: 'failed', trouble: words };
    expect(rows([sent('configuration', 1)], [], facts({ login: login as never }))).toMatchObject([
      { words: 'no such key' },
    ]);
    expect(rows([sent('configuration', 1, OTHER_ID)], [], facts({ login: login as never }))).toMatchObject([
      { words: null },
    ]);
  });

  it('never holds the body', () => {
    const all = rows([sent('unavailable' satisfies TroubleCode, 1)], [delivery(), delivery({ id: OTHER_ID })]);
    expect(all).toHaveLength(2);
    expect(JSON.stringify(all)).not.toContain(KITE_TOKEN);
  });
});

type Sent = Extract<LogEntry, { event: 'delivery' }>;
