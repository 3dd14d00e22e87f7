import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Caller, createCaller, madeUpToken } from '../../conformance/caller.ts';
import { drive, kitOf, type Step, startWorker } from '../../peers/kits.ts';
import { PEERS } from '../../peers/peers.ts';
import { startPeer } from '../../peers/start.ts';
import { until } from '../../support/until.ts';
import { temporaryDir } from '../backend/harness.ts';

const NAMES = ['A', 'B', 'C', 'D', 'E'];
/** Those that people start twice, since one start is one process. */
const TWICE = ['Next.js', 'Express'];

/** Two workers of gunicorn, four of uvicorn, the reloader of Django's own server, `next start` twice, and the others. */
for (const peer of PEERS)
  it.skipIf(peer.missing() !== null)(
    `${peer.name}: one exchange, one feed, each parked call once and in order`,
    async () => {
      const folder = temporaryDir();
      const log = join(folder.path, 'seen.log');
      const running = await startPeer(peer, 'zerodha', { env: { PRACTICE_FEED: 'yes', PRACTICE_LOG: log } });
      const kit = kitOf(peer);
      if (!kit) throw new Error(`${peer.name} has no kit`);
      await drive(
        kit,
        running,
        NAMES.map((name): Step => ['quote', name]),
      );
      const { url, secret } = running;
      const second = TWICE.includes(peer.name) ? await startWorker({ peer }, running) : null;
      const [caller, other] = [url, second?.url ?? url].map((to) =>
        createCaller({ url: to, secret, account: 'zerodha', broker: 'zerodha' }),
      ) as [Caller, Caller];
      const message = caller.captured(madeUpToken('Workers'));
      const replies = await Promise.all(
        [caller, other, caller, other, caller, other].map((one) => one.capture(message)),
      );
      const report = await until(
        async () => (await caller.check()).answer,
        (answer) =>
          answer?.type === 'session.report' && answer.queue?.done === NAMES.length && answer.feed?.state === 'live',
      );
      const seen = readFileSync(log, 'utf8').split('\n').filter(Boolean);
      await second?.kill();
      await running.stop();
      folder.remove();
      const kinds = (kind: string) => seen.filter((line) => line.split(' ')[0] === kind);
      expect(replies.filter(({ answer }) => Object(answer).status === 'applied')).toHaveLength(1);
      expect([kinds('exchange').length, kinds('feed').length]).toEqual([1, 1]);
      expect(kinds('read')).toEqual(NAMES.map((name) => `read ${name}`));
      expect(report).toMatchObject({ session: { state: 'verified' }, queue: { failed: 0 } });
    },
  );
