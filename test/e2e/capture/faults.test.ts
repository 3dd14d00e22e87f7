import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS, type LinkName } from '../../../utils/domain/session/chain.ts';
import { isMarketOpen } from '../../../utils/shared/market.ts';
import { FAULTS, type Fault } from '../../brokers/index.ts';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { type Patience, type SeenLink, type Walk, walk } from '../../start/walk.ts';
import { HANGS_MS } from '../../support/until.ts';

/** How long a link has to stay broken, once those before it are done. */
const STAYS_MS = 3_000;

/** Patience that begins where a fault of this link can show. */
function upTo(link: LinkName | null): Patience {
  if (link === null) return { ms: HANGS_MS };
  const before = LINKS.slice(0, LINKS.indexOf(link));
  const isDone = (links: readonly SeenLink[], name: LinkName) =>
    links.some((one) => one.name === name && one.state === 'done');
  return { ms: STAYS_MS, from: ({ links }) => before.every((name) => isDone(links, name)) };
}

describe('the walk of npm start names the very link that a fault breaks', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUp();
    // The first login pins the account, so that a fault's other user is known for one.
    for (const account of ['zerodha', 'icici'] as const) {
      expect(await walk(account, all.browser, all.practice, upTo(null))).toMatchObject({ broken: null });
    }
  });
  afterAll(() => all.close());

  it.each(Object.entries(FAULTS))('%s', async (name, { breaks }) => {
    const { browser, practice } = all;
    practice.brokers.breeze.rotate();
    practice.brokers.faults.add(name as Fault);
    try {
      // Outside market hours an accepted subscription without a tick is what a healthy feed looks like.
      const isHealthy = name === 'breeze.stream.silent' && !isMarketOpen(Date.now());
      const broken = isHealthy ? null : breaks;
      const result = await walk(name.startsWith('kite') ? 'zerodha' : 'icici', browser, practice, upTo(broken));
      expect(result).toMatchObject({ broken });
    } finally {
      practice.brokers.faults.clear();
    }
  });

  it('a backend that is down breaks “delivered”, and is told apart from a broker’s fault', async () => {
    const { browser, practice } = all;
    await practice.backend.stop();
    const isSaid = ({ says }: Pick<Walk, 'says'>) => says.includes('does not answer');
    const down = await walk('zerodha', browser, practice, { ms: 0, from: isSaid });
    expect(down).toMatchObject({ broken: 'delivered', says: expect.stringContaining('does not answer') });
    await practice.backend.restart();
    const up = await walk('zerodha', browser, practice, upTo(null));
    expect(up).toMatchObject({ broken: null });
  });
});
