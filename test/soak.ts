import fc from 'fast-check';
import { misread, redirectCases } from './fuzz/redirects.ts';
import { mistaken, settingsCases } from './fuzz/settings.ts';
import { speakEnglish } from './support/speak-english.ts';

/** Feeds the redirect reader and the settings a million inputs each; SEED replays a run, INPUTS shortens it. */
speakEnglish();
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.INPUTS ?? 1_000_000);

soak('redirects', redirectCases, misread);
soak('settings', settingsCases, mistaken);

function soak<T>(name: string, inputs: fc.Arbitrary<T>, wrongWith: (input: T) => string | null): void {
  const startedAt = performance.now();
  fc.assert(
    fc.property(inputs, (input) => {
      const wrong = wrongWith(input);
      if (wrong !== null) throw new Error(wrong);
    }),
    { numRuns, seed },
  );
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(`${name}: ${numRuns} inputs in ${seconds} s, none accepted wrongly, none threw (seed ${seed})`);
}
