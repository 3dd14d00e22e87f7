import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';

const product = await buildProduct();
const play = await openPlayer(product);
for (let k = 0; k < 4; k++) {
  const t = Date.now();
  const c = process.cpuUsage();
  for (let i = 0; i < 1000; i++) await play({ destination: 'kite', redirectMs: 8000, faults: [] });
  const u = process.cpuUsage(c);
  console.log('wall', (Date.now() - t) / 1000, 'cpu', u.user / 1e6, u.system / 1e6);
}
