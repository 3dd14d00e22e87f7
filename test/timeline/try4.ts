import fc from 'fast-check';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';
import { pairsOf, type Schedule, schedules } from './schedule.ts';

const product = await buildProduct();
const play = await openPlayer(product);
const seen = new Map<string, { n: number; s: Schedule; t: string[] }>();
const N = +(process.env.N ?? 3000);
const t = Date.now();
const c = process.cpuUsage();
let n = 0;
const src: Iterable<Schedule> = process.env.PAIRS
  ? pairsOf(process.env.PAIRS as 'kite', +(process.env.MS ?? 8000))
  : fc.sample(schedules, { numRuns: N, seed: +(process.env.SEED ?? 1) });
for (const s of src) {
  n++;
  if (process.env.PAIRS && process.env.EVERY && n % +process.env.EVERY) continue;
  const r = await play(s);
  for (const w of new Set(r.wrong)) {
    const k = w.replace(/\d{6,}/g, 'N').replace(/ob_\w+/, 'ob');
    const e = seen.get(k);
    if (e) {
      e.n++;
      if (s.faults.length < e.s.faults.length) {
        e.s = s;
        e.t = r.timeline;
      }
    } else seen.set(k, { n: 1, s, t: r.timeline });
  }
}
const u = process.cpuUsage(c);
console.log(n, 'schedules', Date.now() - t, 'ms', 'cpu', u.user / 1000);
for (const [k, e] of seen) {
  console.log('\n####', k, e.n, JSON.stringify(e.s));
  if (!process.env.ONLY || k.includes(process.env.ONLY))
    console.log(e.t.slice(0, +(process.env.LINES ?? 0)).join('\n'));
}
