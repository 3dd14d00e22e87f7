import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMarketOpen } from '../../../utils/shared/market.ts';
import { FAULTS, type Fault } from '../../brokers/index.ts';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { walk } from '../../start/walk.ts';

const PATIENCE_MS = 4_000;

describe('the walk of npm start names the very link that a fault breaks', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUp();
    // The first login pins the account, so that a fault's other user is known for one.
    for (const account of ['zerodha', 'icici'] as const) {
      expect(await walk(account, all.browser, all.practice, 10_000)).toMatchObject({ broken: null });
    }
  });
  afterAll(() => all.close());

  it.each(Object.entries(FAULTS))('%s', async (name, { breaks }) => {
    const { browser, practice } = all;
    practice.brokers.breeze.rotate();
    practice.brokers.faults.add(name as Fault);
    try {
      const result = await walk(name.startsWith('kite') ? 'zerodha' : 'icici', browser, practice, PATIENCE_MS);
      // Outside market hours an accepted subscription without a tick is what a healthy feed looks like.
      const isHealthy = name === 'breeze.stream.silent' && !isMarketOpen(Date.now());
      expect(result).toMatchObject({ broken: isHealthy ? null : breaks });
    } finally {
      practice.brokers.faults.clear();
    }
  });

  it('a backend that is down breaks “delivered”, and is told apart from a broker’s fault', async () => {
    const { browser, practice } = all;
    await practice.backend.stop();
    const down = await walk('zerodha', browser, practice, PATIENCE_MS);
    expect(down).toMatchObject({ broken: 'delivered', says: expect.stringContaining('does not answer') });
    await practice.backend.restart();
    const up = await walk('zerodha', browser, practice, 10_000);
    expect(up).toMatchObject({ broken: null });
  });
});
