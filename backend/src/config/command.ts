import type { Config } from './config.ts';
import { readGiven } from './environment.ts';
import { explain, type ToldProblem } from './problems.ts';
import { prepareDataDir } from './secrets.ts';
import type { Environment } from './settings.ts';

/** The configuration of a command, or its end with a sentence on what is wrong. Every file it makes is for its owner alone. */
export function configOfCommand(): { env: Environment; config: Config; problems: ToldProblem[] } {
  process.umask(0o077);
  const { env, config, problems, notes } = readGiven(process.env, process.cwd());
  for (const note of notes) console.error(`Note: ${note}.`);
  if (!config.ok) return fail(`The configuration is wrong: ${explain(config.problems)}.`);
  for (const { name, problems } of config.value.broken) console.error(`${name} is left out: ${explain(problems)}.`);
  return { env, config: config.value, problems };
}

/** Makes the folder of the secrets, or ends with a sentence that names it. */
export function prepared({ dataDir }: Config): string {
  try {
    prepareDataDir(dataDir);
    return dataDir;
  } catch (error) {
    return fail(error instanceof Error ? error.message : 'unknown');
  }
}

export function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
