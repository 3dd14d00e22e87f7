import { brokerOrigins, brokers as known } from '../../utils/shared/brokers/index.ts';
import { type Fault, type PracticeBrokers, startPracticeBrokers } from '../brokers/index.ts';
import { PROGRAMS, type Program, type ProgramName, startProgram } from '../peers/programs.ts';
import { APPS } from '../support/backend/practice.ts';
import { type Chromium, startChromium } from '../support/browsers/chromium.ts';
import { breakOf, ended, PATIENCE_MS, print } from './print.ts';
import { pairByHand } from './set-up.ts';
import { walkProgram } from './walk-program.ts';

const HOSTS = [...brokerOrigins(known.zerodha).map((origin) => `${origin}/*`), 'http://127.0.0.1/*'];

/** A small program of examples/programs with Chromium and the practice brokers; gives the exit code. */
export async function runWith(name: ProgramName, headless: boolean, faults: readonly string[]): Promise<number> {
  const missing = PROGRAMS[name].missing();
  if (missing !== null) {
    console.error(`${missing}.`);
    return 2;
  }
  console.log(`Starting the practice brokers, the program for ${PROGRAMS[name].name} and Chromium with the extension…`);
  const brokers = await startPracticeBrokers();
  for (const fault of faults) brokers.faults.add(fault as Fault);
  brokers.kite.register(APPS.zerodha);
  const browser = await openBrowser(brokers, headless);
  const program = await startProgram(name, brokers);
  try {
    await pairByHand(browser, 'zerodha', program.pairing);
    return headless ? await walkAlone(browser, program) : await waitForPerson(browser, program);
  } finally {
    await browser.close();
    await program.stop();
    await brokers.close();
  }
}

/** Chromium with the extension, which may reach Kite and this machine. */
export async function openBrowser(brokers: PracticeBrokers, headless: boolean): Promise<Chromium> {
  const browser = await startChromium({ headless, brokers });
  await browser.preGrant(HOSTS);
  return browser;
}

async function walkAlone(browser: Chromium, program: Program): Promise<number> {
  const { login, calls, ticks } = await walkProgram(browser, program, { ms: PATIENCE_MS });
  print('zerodha', login);
  console.log(`\n${program.page}`);
  for (const line of [...calls, ...ticks]) console.log(`  ${line}`);
  const { broken } = login;
  console.log(broken === null ? '\nThe program is live, and its parked calls ran.' : `\n${breakOf('zerodha', login)}`);
  return broken === null ? 0 : 1;
}

async function waitForPerson(browser: Chromium, { page, folder }: Program): Promise<number> {
  const tab = await browser.newTab();
  await tab.goto(page);
  console.log(`
Chromium is open, with the program’s page in front: ${page}. Nothing in it is real; its files are in ${folder}.
  1. Press both buttons of the page. There is no session, so both calls wait.
  2. Press the Opening Bell button in the toolbar, then “Log in”, then “Log in” on the broker’s page.
  3. The five links of the popup turn green. The page shows its quotes, and what the first button asked for.
  4. Press “confirm” beside the call that would act. It says so, and places no order.
Close the browser, or press Ctrl+C here, to end.`);
  await ended(browser);
  return 0;
}
