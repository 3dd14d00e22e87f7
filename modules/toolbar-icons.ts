import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import 'wxt';
import { defineWxtModule } from 'wxt/modules';

const SIZES = [16, 32];

/** Makes the pictures of the toolbar button's states from `public/toolbar`: Chromium takes no SVG there (2026-11). */
export default defineWxtModule((wxt) => {
  wxt.hooks.hook('build:done', async (_, output) => {
    const folder = join(wxt.config.publicDir, 'toolbar');
    await mkdir(join(wxt.config.outDir, 'toolbar'), { recursive: true });
    for (const file of await readdir(folder)) {
      for (const size of SIZES) {
        const fileName = `toolbar/${basename(file, '.svg')}-${size}.png`;
        // The density at which a drawing of 32 units has this size, so that nothing is scaled afterwards.
        await sharp(join(folder, file), { density: (72 * size) / 32 })
          .resize(size)
          .png()
          .toFile(join(wxt.config.outDir, fileName));
        output.publicAssets.push({ type: 'asset', fileName });
      }
    }
  });
});
