import type { PracticeBrokers } from '../../brokers/index.ts';
import { createSender, type Sender, type Spawned, spawnBackend, temporaryDir } from '../../flow/backend/harness.ts';

/** One real backend with a folder of its own, ended whatever happens. `prepare` gets the folder before the start. */
export async function withBackend<T>(
  brokers: PracticeBrokers,
  work: (backend: Spawned, zerodha: Sender) => Promise<T>,
  prepare: (dataDir: string) => Promise<void> = async () => {},
): Promise<T> {
  const dir = temporaryDir();
  await prepare(dir.path);
  const env = { ...brokers.nodeEnv, DATA_DIR: dir.path, LOG_LEVEL: 'error' };
  const backend = await spawnBackend(env, dir.path);
  try {
    return await work(backend, createSender(backend.url, dir.path, 'zerodha'));
  } finally {
    await backend.kill('SIGTERM');
    dir.remove();
  }
}
