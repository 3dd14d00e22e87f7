import { build } from 'vite';

/** One script that a page can load, made of a file and all that it imports. */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'import.meta.env.FIREFOX': 'false', 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['browser', 'module', 'default'] },
    build: { write: false, minify: true, lib: { entry, formats: ['iife'], name: 'bundled' } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && 'output' in output ? output.output[0] : null;
  if (!chunk || !('code' in chunk)) throw new Error(`${entry} was not bundled`);
  return chunk.code;
}
