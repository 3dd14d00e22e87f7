import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEERS } from '../../peers/peers.ts';
import { type RunningPeer, startPeer } from '../../peers/start.ts';
import { cleanUp, command, expectGone, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../support/samples/samples.ts';

/** Every receiver of examples/ in its framework, against the extension's own delivery. */
for (const peer of PEERS)
  describe.skipIf(peer.missing() !== null)(`the receiver for ${peer.name}`, () => {
    let running: RunningPeer;
    beforeAll(async () => {
      running = await startPeer(peer, 'main');
    });
    afterEach(cleanUp);
    afterAll(() => running.stop());

    it('passes the test in the settings', async () => {
      const account = await pair(running);
      const { steps } = await command({ type: 'test', account });
      expect(steps?.map(({ name, ok }) => [name, ok])).toEqual([
        ['Permission', true],
        ['Proof', true],
        ['Dry run', true],
      ]);
    });

    it('takes a login once, and proves it', async () => {
      const account = await pair(running);
      expect(await logInWith(account, KITE_TOKEN)).toEqual({ seal: true });
      const { links, user } = await shownAccount(account, ({ status }) => status === 'verified');
      expect(links?.map(({ name, state }) => `${name} ${state}`)).toEqual([
        'captured done',
        'delivered done',
        'exchanged done',
        'verified done',
        'live idle',
      ]);
      expect(user).toBe('AB****');
      await expectGone(KITE_TOKEN);
    });

    it('refuses the login of another person, and says so', async () => {
      const account = await pair(running, { expected_user: 'ZZ9999' });
      await logInWith(account, `Other${KITE_TOKEN}`.slice(0, KITE_TOKEN.length));
      const { advice } = await shownAccount(account, ({ status }) => status === 'failed');
      expect(advice?.says).toMatch(/another account/);
    });
  });
