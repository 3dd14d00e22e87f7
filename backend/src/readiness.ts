import { accessSync, constants } from 'node:fs';

export interface Readiness {
  ready: boolean;
  /** It can be written to, now. */
  database: boolean;
  /** The key and the pairing secrets lie where they are looked for. */
  configuration: boolean;
}

/** Whether a delivery that came now could be kept. It says nothing of a session. `secrets`: the paths of their files. */
export async function readiness(canWrite: () => Promise<boolean>, secrets: readonly string[]): Promise<Readiness> {
  const configuration = secrets.every(canRead);
  const database = await canWrite();
  return { ready: configuration && database, database, configuration };
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
