import { type Delivery, settleDelivery } from '../../../utils/domain/delivery/delivery.ts';
import { deliver } from '../../../utils/services/delivery/wire.ts';
import { readAll, removeDeliveries, writeDelivery } from '../../../utils/services/store/store.ts';
import { delivery, plain } from '../../support/samples/samples.ts';
import type { Box } from './box.ts';

/** A worker's life, as a lease names it. */
const WORKER = 'bench';

/**
 * The parts of this extension's outbox in their order: an entry is written, leased by a write, sent, its end is written, and
 * only then it goes. The destination is a plain one: neither box signs.
 */
export const ownBox: Box = {
  async enqueue(_url, count) {
    for (let at = 0; at < count; at += 1) await writeDelivery(entry(at));
  },
  async drain(url) {
    const destination = plain({ url });
    for (const one of (await readAll()).deliveries) {
      const leased: Delivery = { ...one, sending: { worker: WORKER, at: Date.now() } };
      await writeDelivery(leased);
      const { outcome, heard } = await deliver(destination, leased, []);
      const settled = settleDelivery(leased, outcome, false, heard.at);
      await writeDelivery(settled);
      if (settled.state === 'ended') await removeDeliveries([settled]);
    }
  },
  stored: async () => (await readAll()).deliveries.length,
};

function entry(at: number): Delivery {
  const now = Date.now();
  const letters = [...at.toString().padStart(26, '0')].map((digit) => 'abcdefghij'[Number(digit)]);
  return delivery({ id: `ob_${letters.join('')}`, capturedAt: now, nextAttemptAt: now, expiresAt: now + 600_000 });
}
