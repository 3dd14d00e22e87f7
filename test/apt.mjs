// Debian's packages, for those who may install them. Plain JavaScript without packages: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

// Another apt that runs is waited for: also one that outlived the run that began it.
const WAIT_SECONDS = 600;
const QUIET = ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', `DPkg::Lock::Timeout=${WAIT_SECONDS}`, '-o', 'Acquire::Retries=3'];
const INSTALL = ['install', '-y', '--no-install-recommends'];
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
/** What dpkg was about to write down when it was stopped. */
const JOURNAL = '/var/lib/dpkg/updates';
const WHOLE = ['installed', 'not-installed', 'config-files'];
let isReady = false;

export function canUseApt() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

/** True when apt-get did it. */
export function aptGet(args, cwd = undefined) {
  return spawnSync('apt-get', [...QUIET, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** True when all are installed. */
export function aptInstall(...packages) {
  getReady();
  return aptGet([...INSTALL, ...packages]);
}

/** Whether an earlier installing was cut off. */
function isCutOff() {
  const isMidway = existsSync(JOURNAL) && readdirSync(JOURNAL).length > 0;
  return isMidway || packages().some(({ status, flag }) => !WHOLE.includes(status) || flag !== 'ok');
}

/** Once a run: a fresh list of packages, and nothing half done in the way. Where no new list can be had, the old one may do. */
function getReady() {
  if (isReady) return;
  isReady = true;
  aptGet(['update']);
  if (!isCutOff()) return;
  // Debian's own way: configure what is unpacked, bring what that needs, fetch again what is half there.
  configure();
  aptGet([...INSTALL, '--fix-broken']);
  const halves = packages().filter(({ flag }) => flag === 'reinstreq');
  if (halves.length > 0) aptGet([...INSTALL, '--reinstall', ...halves.map(({ name }) => name)]);
}

function configure() {
  let failures = 0;
  for (let waited = 0; waited < WAIT_SECONDS && failures < 3; waited += 1) {
    const { status, stderr } = spawnSync('dpkg', ['--configure', '-a'], { env });
    if (status === 0) return;
    // dpkg itself waits for nobody, and a script of a package may have met what the cut-off run left running.
    if (!String(stderr).includes('locked')) failures += 1;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }
}

function packages() {
  const format = `\${binary:Package} \${db:Status-Status} \${db:Status-Eflag}\\n`;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format], { env });
  const lines = String(stdout).trim().split('\n');
  return lines.map((line) => {
    const [name = '', status = 'installed', flag = 'ok'] = line.split(' ');
    return { name, status, flag };
  });
}
