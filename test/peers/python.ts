import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PYTHON } from './install.mjs';

const run = promisify(execFile);

/** Runs Python to its end in a folder; what it complains of is thrown. */
export async function runPython(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  await run(PYTHON, args, { cwd, env });
}
