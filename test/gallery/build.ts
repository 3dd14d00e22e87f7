import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'vite';

const ROOT = import.meta.dirname;
export const OUTPUT = join(ROOT, '../../.output/gallery');

const shape = (write: boolean) =>
  build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    base: './',
    publicDir: false,
    build: {
      outDir: OUTPUT,
      emptyOutDir: true,
      write,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4_000,
    },
  });

/** Writes the gallery as files. */
export async function writeGallery(): Promise<void> {
  await shape(true);
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

export interface Gallery {
  url: string;
  close(): Promise<void>;
}

/** Builds the gallery in memory and serves it on this machine alone, on a free port. */
export async function serveGallery(): Promise<Gallery> {
  const built = await shape(false);
  if (Array.isArray(built) || !('output' in built)) throw new Error('the gallery is one build');
  const files = new Map(
    built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://any');
    const path = pathname === '/' ? '/index.html' : pathname;
    const file = files.get(path);
    if (file === undefined) return void response.writeHead(404).end();
    response
      .setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream')
      // Every group loads the same scripts, each under the hash of what it holds.
      .setHeader('cache-control', path === '/index.html' ? 'no-store' : 'max-age=3600, immutable')
      .end(file);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
