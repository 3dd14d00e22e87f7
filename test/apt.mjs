// Debian's packages, for those who may install them. Plain JavaScript without packages: it runs before there are any.
import { spawnSync } from 'node:child_process';

const QUIET = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

export function canUseApt() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

/** True when apt-get did it. */
export function aptGet(args, cwd = undefined) {
  return spawnSync('apt-get', [...QUIET, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** True when all are installed; asks for a fresh list of packages first. */
export function aptInstall(...packages) {
  return aptGet(['update']) && aptGet(['install', '-y', '--no-install-recommends', ...packages]);
}
