import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';
import { type Schedule, singleFaults } from './schedule.ts';

const product = await buildProduct();
const play = await openPlayer(product);
const seen = new Map<string, { n: number; s: Schedule; t: string[] }>();
let n = 0;
const t = Date.now();
for (const redirectMs of [8000, 1])
  for (const destination of ['kite', 'breeze', 'plain'] as const)
    for (const fault of [null, ...singleFaults(redirectMs)]) {
      const s: Schedule = { destination, redirectMs, faults: fault ? [fault] : [] };
      n++;
      const r = await play(s);
      for (const w of new Set(r.wrong)) {
        const k = w.replace(/\d{6,}/g, 'N').replace(/ob_\w+/, 'ob');
        const e = seen.get(k);
        if (e) e.n++;
        else seen.set(k, { n: 1, s, t: r.timeline });
      }
    }
console.log(n, 'schedules', Date.now() - t, 'ms');
for (const [k, e] of seen) {
  console.log('\n####', k, e.n, JSON.stringify(e.s));
  console.log(e.t.slice(0, +(process.env.LINES ?? 0)).join('\n'));
}
