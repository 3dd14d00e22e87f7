import { spawnSync } from 'node:child_process';
import { PYTHON } from './install.mjs';

/** Runs Python to its end in a folder; what it complains of is thrown. */
export function runPython(args: string[], cwd: string, env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(PYTHON, args, { cwd, env });
  if (status !== 0) throw new Error(String(stderr));
}
