import { parseArgs } from 'node:util';
import { browseGallery } from './browse.ts';
import { OUTPUT, serveGallery, writeGallery } from './build.ts';
import { renew } from './pictures.ts';

/** Shows the gallery, writes it as files, or renews the pictures that the tests compare with. */
const values = readArguments();
if (values.build) {
  await writeGallery();
  console.log(`Written to ${OUTPUT}`);
} else if (values.update) {
  await update();
} else {
  const { url, close } = await serveGallery();
  console.log(`The gallery is at ${url}. Press Ctrl+C to end.`);
  await new Promise((interrupted) => process.once('SIGINT', interrupted));
  await close();
}

function readArguments(): { build?: boolean; update?: boolean } {
  try {
    return parseArgs({ options: { build: { type: 'boolean' }, update: { type: 'boolean' } } }).values;
  } catch {
    console.error('Usage: npm run gallery [-- --build | --update]');
    process.exit(2);
  }
}

async function update(): Promise<void> {
  const browser = await browseGallery();
  try {
    const renewed = await renew(browser);
    console.log(renewed.length === 0 ? 'Every picture is as it was.' : `Renewed: ${renewed.join(', ')}. Look at them.`);
  } finally {
    await browser.close();
  }
}
