import { parseUrl } from '../../shared/urls.ts';
import { say } from '../base/words.ts';

const PARTS = ['scheme', 'host', 'port', 'path', 'query'] as const;
type Part = (typeof PARTS)[number];

/** A part in which two addresses differ: what it is here, and what it is at the broker. */
export interface Difference {
  part: Part;
  here: string;
  there: string;
}

/** In which parts a redirect URL differs from the one that stands at the broker; null where either is no whole address. */
export function differences(here: string, there: string): Difference[] | null {
  const [ours, theirs] = [parseUrl(here.trim()), parseUrl(there.trim())];
  if (!ours || !theirs) return null;
  return PARTS.map((part) => ({ part, here: READ[part](ours), there: READ[part](theirs) })).filter(
    ({ here, there }) => here !== there,
  );
}

/** A difference in words. */
export function tellDifference({ part, here, there }: Difference): string {
  if (part === 'host' && isPair(here, there)) return say('differs_loopback', here, there);
  if (part === 'path' && bare(here) === bare(there)) return say('differs_slash', here, there);
  return say(`differs_${part}`, here || '–', there || '–');
}

const READ: Record<Part, (url: URL) => string> = {
  scheme: ({ protocol }) => protocol.replace(':', ''),
  host: ({ hostname }) => hostname,
  // Without a port it is the scheme's own: two addresses that differ in the scheme alone have the same.
  port: ({ port }) => port,
  path: ({ pathname }) => pathname,
  query: ({ search }) => search,
};

function isPair(one: string, other: string): boolean {
  return [one, other].sort().join() === '127.0.0.1,localhost';
}

function bare(path: string): string {
  return path.replace(/\/$/, '');
}
