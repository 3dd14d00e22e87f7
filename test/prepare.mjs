// Runs one of the project's commands on a machine that may have nothing yet: installs the packages and the browsers that
// are missing, then hands over to the project's own Node. Plain JavaScript without packages, for Node 20 and newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptInstall, canUseApt } from './apt.mjs';
import { installPeers } from './peers/install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const installed = join(root, 'node_modules', '.package-lock.json');
const windows = process.platform === 'win32';

const COMMANDS = {
  start: {
    browsers: ['chromium'],
    steps: (args) => [
      ['wxt', 'build'],
      ['node', 'test/start/main.ts', ...args],
    ],
  },
  test: {
    browsers: ['chromium', 'firefox'],
    steps: (args) => [
      ['wxt', 'build'],
      ['wxt', 'build', '-b', 'firefox'],
      ['node', 'test/run.ts', ...args],
    ],
  },
  // What needs neither a browser nor a backend. Of the stories of faults it plays those of one fault, and few random ones.
  'test:quick': {
    browsers: [],
    env: { FAULTS: '1', SCHEDULES: '300' },
    steps: (args) => [
      [
        'vitest',
        'run',
        '--project=unit',
        '--project=flow',
        '--exclude=test/flow/services/{backend,peers}.test.ts',
        ...args,
      ],
    ],
  },
  'test:hours': {
    browsers: ['faketime'],
    steps: (args) => [['node', 'test/hours.ts', ...args]],
  },
  check: {
    browsers: [],
    steps: () => [
      ['tsc', '--noEmit', '-p', '.'],
      ['biome', 'check', '.'],
      ['vitest', 'run', 'test/architecture.test.ts'],
      ['knip'],
    ],
  },
  // For each broker and browser so many kills right after the redirect, a thousand in all; and so many during a delivery.
  soak: {
    browsers: ['chromium', 'firefox'],
    env: { KILLS: '200', RUNS: '250' },
    steps: () => [
      ['vitest', 'run', 'test/flow/practice/kit-kills.test.ts'],
      ['node', 'test/soak.ts'],
      ['wxt', 'build'],
      ['wxt', 'build', '-b', 'firefox'],
      ['vitest', 'run', 'test/e2e/capture/early-kills.test.ts', 'test/e2e/capture/kills.test.ts'],
    ],
  },
  screenshots: {
    browsers: ['chromium'],
    steps: () => [
      ['wxt', 'build'],
      ['node', 'test/screenshots.ts'],
    ],
  },
  report: {
    browsers: [],
    steps: () => [['node', 'test/report/main.ts']],
  },
  mutation: {
    browsers: [],
    steps: (args) => [['node', 'test/mutation/main.ts', ...args]],
  },
  pictures: {
    browsers: ['chromium'],
    fonts: { hi: 'fonts-lohit-deva' },
    steps: () => [
      ['wxt', 'build'],
      ['node', 'test/pictures/main.ts'],
    ],
  },
  release: {
    browsers: [],
    steps: () => [['node', 'build/release/main.ts']],
  },
  gallery: {
    browsers: ['chromium'],
    steps: (args) => [['node', 'test/gallery/main.ts', ...args]],
  },
  bench: {
    browsers: ['chromium'],
    steps: (args) => [
      ['wxt', 'build'],
      ['node', 'test/bench/main.ts', ...args],
    ],
  },
};

// What each is called by its system's packages and by itself; the variable names the program where it is elsewhere.
const BROWSERS = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM',
    package: 'chromium',
    programs: ['chromium', 'chromium-browser'],
  },
  // No browser: it moves the clock of a run.
  faketime: { title: 'faketime', variable: 'FAKETIME_PROGRAM', package: 'faketime', programs: ['faketime'] },
  firefox: { title: 'Firefox', variable: 'FIREFOX', package: 'firefox-esr', programs: ['firefox-esr', 'firefox'] },
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) fail(`Say what to do: ${Object.keys(COMMANDS).join(', ')}.`);
installPackages();
installBrowsers(command.browsers.map((one) => BROWSERS[one]).filter(isMissing));
installFonts(command.fonts);
if (name === 'test') installPeers();
// What a person sets goes before what the command does.
const env = { ...command.env, ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
for (const [program, ...rest] of command.steps(args)) {
  const quiet = program === 'wxt';
  const { status, stdout } = spawnSync(program, rest, {
    cwd: root,
    env,
    shell: windows,
    stdio: quiet ? ['ignore', 'pipe', 'inherit'] : 'inherit',
  });
  if (status !== 0) {
    if (quiet) process.stdout.write(stdout ?? '');
    process.exit(status ?? 1);
  }
}

function installPackages() {
  if (areInstalled()) return;
  console.log('Installing the packages…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed: is the npm registry within reach?');
}

/** npm writes its own list at the end of every install, by whomever. An install that was cut off leaves none, or one of more than is there. */
function areInstalled() {
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs)
    return false;
  const { packages } = JSON.parse(readFileSync(installed, 'utf8'));
  return Object.keys(packages).every((path) => existsSync(join(root, path, 'package.json')));
}

function isMissing({ variable, programs }) {
  if (existsSync(process.env[variable] ?? '')) return false;
  // One whose installing was cut off may be there and not run.
  return !programs.some((program) => spawnSync(`/usr/bin/${program}`, ['--version']).status === 0);
}

function installBrowsers(missing) {
  if (missing.length === 0) return;
  if (!canUseApt()) {
    for (const { title, variable, package: debian } of missing)
      console.error(
        `There is no ${title}. Install it (Debian: sudo apt-get install ${debian}), or name its program in the variable ${variable}.`,
      );
    if (name !== 'test') process.exit(1);
    return;
  }
  for (const { title, package: debian } of missing) {
    console.log(`Installing ${title}…`);
    if (aptInstall(debian)) continue;
    // The tests run without it, and name what they could not run.
    if (name === 'test') console.error(`apt-get install ${debian} failed.`);
    else fail(`apt-get install ${debian} failed.`);
  }
}

/** Letters that a browser would draw as boxes. Where they cannot be installed, the command names the pictures that it did not make. */
function installFonts(fonts = {}) {
  for (const [language, debian] of Object.entries(fonts)) {
    if (!canUseApt() || spawnSync('fc-list', [`:lang=${language}`]).stdout?.length !== 0) continue;
    console.log(`Installing ${debian}…`);
    aptInstall(debian);
  }
}

function run(program, rest, complaint) {
  if (spawnSync(program, rest, { cwd: root, stdio: 'inherit', shell: windows }).status !== 0) fail(complaint);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
