import type { Chromium } from '../support/browsers/chromium.ts';
import type { SeenLink, Walk } from './walk.ts';

/** How long a link of a walk may stay undone. */
export const PATIENCE_MS = 60_000;

export function print(title: string, { links, retried }: Walk): void {
  console.log(`\n${title}`);
  const start = links[0]?.at ?? 0;
  for (const link of links)
    console.log(`  ${mark(link)} ${link.name.padEnd(10)} ${link.at === null ? '' : `${link.at - start} ms`}`);
  for (const { label, state } of retried) console.log(`  ↻ ${label}: ${state}`);
}

export const breakOf = (account: string, { broken, says }: Walk): string =>
  `${account} broke at “${broken}”: ${says.replaceAll(/\s+/g, ' ')}`;

/** Until the person closes the browser, or interrupts. */
export async function ended({ context }: Chromium): Promise<void> {
  await Promise.race([
    new Promise((closed) => context.on('close', closed)),
    new Promise((interrupted) => process.once('SIGINT', interrupted)),
  ]);
}

function mark({ state }: SeenLink): string {
  if (state === 'done') return '✓';
  return state === 'failed' ? '✕' : '·';
}
