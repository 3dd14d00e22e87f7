import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftToDo, newBroker } from './write.ts';

/** `npm run new:broker NAME` begins a broker: its files, its sentence, and the lists. */
const ROOT = join(import.meta.dirname, '../..');
const [id = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]{1,19}$/.test(id)) {
  console.error('Usage: npm run new:broker NAME, a name of 2 to 20 small letters and digits');
  process.exit(2);
}
if (existsSync(join(ROOT, `utils/shared/brokers/${id}.ts`))) {
  console.error(`There is a broker ${id} already.`);
  process.exit(2);
}
const written = newBroker(id);
for (const [path, text] of Object.entries(written)) writeFileSync(join(ROOT, path), text);
spawnSync(join(ROOT, 'node_modules/.bin/biome'), ['format', '--write', ...Object.keys(written)], {
  cwd: ROOT,
  stdio: 'ignore',
});
console.log(
  `Wrote, after the pattern of another broker:\n${Object.keys(written)
    .map((path) => `  ${path}`)
    .join('\n')}`,
);
console.log(
  `Left to fill in:\n${leftToDo(id)
    .map((one) => `  ${one}`)
    .join('\n')}`,
);
console.log(`Then: npm run openapi, npm run check, npm start -- --broker ${id}`);
