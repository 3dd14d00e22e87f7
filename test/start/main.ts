import { parseArgs } from 'node:util';
import { BROKER_IDS, brokers } from '../../utils/shared/brokers/index.ts';
import { BrokerId } from '../../utils/shared/contract.ts';
import { z } from '../../utils/shared/schema.ts';
import { FAULTS, type Fault } from '../brokers/index.ts';
import { PROGRAM_NAMES, type ProgramName } from '../peers/programs.ts';
import { type Chromium, startChromium } from '../support/browsers/chromium.ts';
import { speakEnglish } from '../support/speak-english.ts';
import { ADMIN, openDashboard } from './dashboard.ts';
import { breakOf, ended, PATIENCE_MS, print } from './print.ts';
import { type SetUp, setUpIn } from './set-up.ts';
import { walk } from './walk.ts';
import { type DashboardWalk, walkDashboard } from './walk-dashboard.ts';
import { runWith } from './with.ts';

speakEnglish();
const values = readArguments();
const unknown = values.fault.filter((name) => !Object.hasOwn(FAULTS, name));
if (unknown.length > 0) {
  console.error(`There is no fault ${unknown.join(', ')}. Known are:\n  ${Object.keys(FAULTS).join('\n  ')}`);
  process.exit(2);
}

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const headless = values.headless || !hasDisplay;
if (values.with === null) await runWithBackend();
else process.exitCode = await runWith(values.with, headless, values.fault);

async function runWithBackend(): Promise<void> {
  console.log('Starting the practice brokers, the reference backend and Chromium with the extension…');
  const all = await setUpIn(startChromium, { headless }, ADMIN, values.broker ?? undefined);
  for (const fault of values.fault) all.practice.brokers.faults.add(fault as Fault);
  if (values.broker === null) await park(all);
  try {
    if (headless) process.exitCode = await (values.broker ? walkEach(all, values.broker) : walkAll(all));
    else await (values.broker ? waitForLogin(all, values.broker) : waitForPerson(all));
  } finally {
    await all.close();
  }
}

interface Arguments {
  headless: boolean;
  fault: string[];
  broker: BrokerId[] | null;
  with: ProgramName | null;
}

function readArguments(): Arguments {
  try {
    const several = { type: 'string', multiple: true } as const;
    const options = {
      headless: { type: 'boolean' },
      fault: several,
      broker: several,
      with: { type: 'string' },
    } as const;
    const { headless = false, fault = [], broker = null, with: program = null } = parseArgs({ options }).values;
    return {
      headless,
      fault,
      broker: broker?.map((name) => z.parse(BrokerId, name)) ?? null,
      with: program === null ? null : z.parse(z.enum(PROGRAM_NAMES), program),
    };
  } catch {
    console.error(
      `Usage: npm start [-- --headless] [--fault NAME] [--broker ${BROKER_IDS.join('|')}] [--with ${PROGRAM_NAMES.join('|')}]`,
    );
    process.exit(2);
  }
}

/** Requests that fail for want of a session, so that there is something to retry. */
async function park({ practice: { backend } }: SetUp): Promise<void> {
  await backend.submit('zerodha', 'quote', { instruments: ['NSE:NIFTY 50', 'NSE:NIFTY BANK'] });
  await backend.submit('zerodha', 'profile', {});
  await backend.submit('icici', 'quote', { instruments: ['NSE:NIFTY'] });
}

async function walkAll(all: SetUp<Chromium>): Promise<number> {
  const broken: string[] = [];
  for (const account of ['zerodha', 'icici'] as const) {
    const result = await walk(account, all.browser, all.practice, { ms: PATIENCE_MS });
    print(account, result);
    if (result.broken) broken.push(breakOf(account, result));
  }
  // The dashboard is of the account that came last: without a session there, its operation has nothing to come back to.
  if (!broken.some((one) => one.startsWith('icici'))) {
    const result = await walkDashboard(all, await openDashboard(all), 'nifty_strangle', PATIENCE_MS);
    printDashboard(result);
    if (result.broken) broken.push(`the dashboard broke at “${result.broken}”`);
  }
  console.log(
    broken.length === 0
      ? '\nBoth accounts are live: captured, delivered, exchanged, verified, live. The dashboard’s request waited for its login, and was answered.'
      : `\n${broken.join('; ')}`,
  );
  return broken.length === 0 ? 0 : 1;
}

/** The whole job with these brokers' practice accounts alone. */
async function walkEach(all: SetUp<Chromium>, accounts: readonly BrokerId[]): Promise<number> {
  const broken: string[] = [];
  for (const account of accounts) {
    const result = await walk(account, all.browser, all.practice, { ms: PATIENCE_MS });
    print(account, result);
    if (result.broken) broken.push(breakOf(account, result));
  }
  console.log(broken.length === 0 ? '\nEvery session lives.' : `\n${broken.join('; ')}`);
  return broken.length === 0 ? 0 : 1;
}

async function waitForLogin({ browser }: SetUp<Chromium>, accounts: readonly BrokerId[]): Promise<void> {
  const names = accounts.map((account) => brokers[account].name).join(', ');
  console.log(`
Chromium is open, with a practice account of ${names} paired. Nothing in it is real.
  1. Press the Opening Bell button in the toolbar (in the puzzle menu, if it hides there).
  2. Press “Log in”, then “Log in” on the broker’s page.
  3. Open the popup again: the links turn green.
Close the browser, or press Ctrl+C here, to end.`);
  await ended(browser);
}

function printDashboard({ steps, broken, log }: DashboardWalk): void {
  console.log('\ndashboard');
  for (const { says, ms } of steps) console.log(`  ✓ ${says.padEnd(34)} ${ms} ms`);
  if (broken !== null) console.log(`  ✕ ${broken}`);
  for (const line of log) console.log(`    ${line}`);
}

async function waitForPerson(all: SetUp<Chromium>): Promise<void> {
  const { browser } = all;
  await openDashboard(all);
  console.log(`
Chromium is open, with a practice account of each broker paired. Nothing in it is real.
  1. Press the Opening Bell button in the toolbar (in the puzzle menu, if it hides there).
  2. Press “Log in to Zerodha”, then “Log in” on the broker’s page.
  3. Open the popup again: the five links turn green, and the requests that waited have been retried.
  4. In the tab in front, the backend’s own page, press “Nifty strangle”. There is no session of ICICI Direct yet, so the
     request waits, and Opening Bell’s dialog offers the login. Log in: the page goes on as if nothing had been.
Close the browser, or press Ctrl+C here, to end.`);
  await ended(browser);
}
