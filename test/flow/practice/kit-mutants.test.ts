import { describe, expect, it } from 'vitest';
import { createCaller } from '../../conformance/caller.ts';
import { KIT_MUTANTS, mutate } from '../../peers/kit-mutants.ts';
import { drive, KITS } from '../../peers/kits.ts';
import { startPeer } from '../../peers/start.ts';

/** The rules of npm run conformance, each against a kit that breaks it. */
describe.each(KITS)('$name', (kit) => {
  const language = kit.name.endsWith('.py') ? 'python' : 'node';

  it.each(KIT_MUTANTS.map((mutant) => ({ says: mutant.name, breaks: mutant.rule.name, mutant })))(
    'in which $says breaks $breaks',
    async ({ mutant }) => {
      const peer = { ...kit.peer, prepare: async (folder: string) => mutate(folder, mutant[language]) };
      const running = await startPeer(peer, 'zerodha', { env: { PRACTICE_FEED: 'yes' } });
      await drive(kit, running, [
        ['quote', 'A'],
        ['buy', 'B'],
        ['quote', 'C'],
      ]);
      const { url, secret } = running;
      const found = await mutant.rule.play(createCaller({ url, secret, account: 'zerodha', broker: 'zerodha' }));
      await running.stop();
      expect(found).toMatchObject({ found: 'broken' });
    },
  );
});
