import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { BUILT } from '../../support/browsers/chromium.ts';

/** The pages that are measured. */
export const PAGES = {
  'an empty popup': 'empty.html',
  'this popup': 'popup.html',
  'the same with React': 'react.html',
};

const EMPTY = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><p>Empty</p></html>';

/** The built extension with two more pages: an empty one, and the popup's own sources built with React. */
export async function buildPages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-popups-'));
  cpSync(BUILT, folder, { recursive: true });
  writeFileSync(join(folder, 'empty.html'), EMPTY);
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'import.meta.env.FIREFOX': 'false', 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
    resolve: {
      alias: { '@preact/signals': join(import.meta.dirname, 'signals.js'), 'preact/hooks': 'react' },
    },
    build: {
      outDir: join(folder, 'react'),
      emptyOutDir: false,
      rollupOptions: {
        input: join(import.meta.dirname, 'react.js'),
        output: { entryFileNames: 'react.js', assetFileNames: 'react[extname]' },
      },
    },
  });
  const page = readFileSync(join(folder, 'popup.html'), 'utf8')
    .replaceAll(/^.*<(script|link)[^>]*(src|href)=.*$/gm, '')
    .replace(
      '</head>',
      '<script type="module" src="/react/react.js"></script><link rel="stylesheet" href="/react/react.css"></head>',
    );
  writeFileSync(join(folder, 'react.html'), page);
  return folder;
}
