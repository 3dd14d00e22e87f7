import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS, type LinkName } from '../../../utils/domain/session/chain.ts';
import { BROKER_IDS } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { isMarketOpen } from '../../../utils/shared/market.ts';
import { FAULTS, type Fault } from '../../brokers/index.ts';
import { type SetUp, setUp, setUpIn } from '../../start/set-up.ts';
import { type Patience, type SeenLink, type Walk, walk } from '../../start/walk.ts';
import { startBrowser } from '../../support/browsers/start-browser.ts';
import { HANGS_MS } from '../../support/until.ts';

/** How long a link has to stay broken, once those before it are done. */
const STAYS_MS = 3_000;

/** Patience that begins where a fault of this link can show. */
function upTo(link: LinkName | null): Patience {
  if (link === null) return { ms: HANGS_MS };
  const before = LINKS.slice(0, LINKS.indexOf(link));
  return { ms: STAYS_MS, from: ({ links }) => before.every((name) => isDone(links, name)) };
}

function isDone(links: readonly SeenLink[], name: LinkName): boolean {
  return links.some((one) => one.name === name && one.state === 'done');
}

type Row = [name: Fault, breaks: LinkName, broker: BrokerId];

const ROWS = Object.entries(FAULTS).map(([name, { breaks }]): Row => [name as Fault, breaks, brokerOf(name)]);
const USUAL = ROWS.filter(([, , broker]) => broker === 'zerodha' || broker === 'icici');
/** Their backends have one shape, so one fault of each link is enough here; `exchanges.test.ts` has them all. */
const OTHERS = ROWS.filter(([name, breaks, broker]) => {
  // Without a consent no login page opens; that has a test of its own.
  const first = ROWS.find((one) => one[1] === breaks && one[2] === broker && !one[0].includes('.consent.'));
  return broker !== 'zerodha' && broker !== 'icici' && first?.[0] === name;
});

function brokerOf(fault: string): BrokerId {
  const [name = ''] = fault.split('.');
  if (name === 'kite') return 'zerodha';
  if (name === 'breeze') return 'icici';
  const found = BROKER_IDS.find((one) => one === name);
  if (!found) throw new Error(`no broker has the fault ${fault}`);
  return found;
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

  it.each(USUAL)('%s breaks “%s”', async (name, breaks, broker) => {
    const { browser, practice } = all;
    practice.brokers.breeze.rotate();
    practice.brokers.faults.add(name);
    try {
      // Outside market hours an accepted subscription without a tick is what a healthy feed looks like.
      const isHealthy = name === 'breeze.stream.silent' && !isMarketOpen(Date.now());
      const broken = isHealthy ? null : breaks;
      const result = await walk(broker, browser, practice, upTo(broken));
      expect(result).toMatchObject({ broken });
    } finally {
      practice.brokers.faults.clear();
    }
  });

  it('a backend that is down breaks “delivered”, and is told apart from a broker’s fault', async () => {
    const { browser, practice } = all;
    await practice.backend.stop();
    // The check that the popup asks for says so too, before there is a login to deliver.
    const isSaid = ({ links, says }: Pick<Walk, 'links' | 'says'>) =>
      isDone(links, 'captured') && says.includes('does not answer');
    const down = await walk('zerodha', browser, practice, { ms: 0, from: isSaid });
    expect(down).toMatchObject({ broken: 'delivered', says: expect.stringContaining('does not answer') });
    await practice.backend.restart();
    const up = await walk('zerodha', browser, practice, upTo(null));
    expect(up).toMatchObject({ broken: null });
  });
});

describe('and of every other broker', () => {
  let all: SetUp;
  const others = [...new Set(OTHERS.map(([, , broker]) => broker))];
  beforeAll(async () => {
    all = await setUpIn(startBrowser, {}, {}, others);
    for (const account of others)
      expect(await walk(account, all.browser, all.practice, upTo(null))).toMatchObject({ broken: null });
  });
  afterAll(() => all.close());

  it.each(OTHERS)('%s breaks “%s”', async (name, breaks, broker) => {
    const { browser, practice } = all;
    practice.brokers.faults.add(name);
    try {
      expect(await walk(broker, browser, practice, upTo(breaks))).toMatchObject({ broken: breaks });
    } finally {
      practice.brokers.faults.clear();
    }
  });

  it('a consent that is refused opens no login page, and is said', async () => {
    const { browser, practice, ids } = all;
    practice.brokers.faults.add('dhan.consent.refused');
    try {
      const reply = await browser.send({ type: 'log-in', account: ids.dhan });
      expect(reply).toMatchObject({ ok: false, problems: [{ field: 'destination' }] });
    } finally {
      practice.brokers.faults.clear();
    }
  });
});
