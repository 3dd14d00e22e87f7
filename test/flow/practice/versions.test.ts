import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCaller, madeUpToken } from '../../conformance/caller.ts';
import { runOnce, startKit } from '../../peers/kits.ts';
import { kitOn, versionsOf } from '../../peers/versions.ts';
import { until } from '../../support/until.ts';

/** The kits in every version of their language that this machine has, from the oldest one they are for. */
const VERSIONS = [...versionsOf('Python', '3.9'), ...versionsOf('Node', '22.18')];

it.each(VERSIONS)('$language $number parks, exchanges, retries and feeds', async (version) => {
  const running = await startKit(kitOn(version));
  try {
    const parked = await running.steps(['quote', 'A'], ['keyed', 'k1', 'B']);
    expect(parked).toMatchObject([{ parked: 1 }, { parked: 2 }]);
    const caller = createCaller({ url: running.url, secret: running.secret, account: 'zerodha', broker: 'zerodha' });
    const reply = await caller.capture(caller.captured(madeUpToken('Version')));
    expect(reply.outcome.kind).toBe('applied');
    const report = async () => (await caller.check()).answer;
    await until(report, (one) => one?.type === 'session.report' && one.queue?.done === 1 && one.feed?.state === 'live');
    expect(await running.steps(['confirm', 2])).toEqual([true]);
    await until(report, (one) => one?.type === 'session.report' && one.queue?.done === 2);
    expect(running.seen().filter((line) => /^(read|act) /.test(line))).toEqual(['read A', 'act k1']);
  } finally {
    await running.stop();
  }
});

// From 3.12 on a Python that ends starts no more thread.
it.each(versionsOf('Python', '3.9'))('Python $number stops its feed when the program ends', async (version) => {
  const program = `
import time, opening_bell as kit
begun = []
@kit.yours
def verify(session): pass
@kit.yours
def feed(session, tell):
    begun.append(session)
    return lambda: print("stopped", flush=True)
kit.keep("session", {**kit.NONE, "state": "exchanged", "exchanged_at": kit.iso(),
                     "expires_at": kit.iso(time.time() + 3600), "made": {}})
kit.start()
while not begun: time.sleep(0.05)
`;
  const secret = { OPENING_BELL_SECRET: `whsec_${randomBytes(32).toString('base64')}` };
  expect(await runOnce(kitOn(version), secret, program)).toEqual({ code: 0, printed: 'stopped\n' });
});
