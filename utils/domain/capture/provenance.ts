import { z } from '../../shared/schema.ts';

/** How a top-level request began, as its headers tell. */
export const Start = z.strictObject({
  /** `Sec-Fetch-User`: a person's click or key began it. */
  byHand: z.boolean(),
  /** The browser shows that it came by way of another site. */
  hopped: z.boolean(),
});
export type Start = z.infer<typeof Start>;

/** How a top-level request came to its address. */
export interface Way {
  /** Comes when its headers were seen, or will not be. */
  start: Promise<Start | null>;
  /** Whether another extension or a server led it on after a page had begun it, as far as was heard. */
  isLedOn(): boolean;
}

/** The way of a request that no headers tell of. */
export const UNSEEN: Way = { start: Promise.resolve(null), isLedOn: () => false };

/**
 * Who sent the browser to a redirect URL. `header`: a redirect header of the broker's host. `page`: the broker's page, on
 * its own. `link`: it began on the broker's page, but a click, or headers that were not seen, leave room for a link by way
 * of another site. `changed`: it began there, and another extension or a server led it on. `script`: our script on the
 * redirect page alone saw it. `nobody`: any page can send a browser here.
 */
export type Sender = 'header' | 'page' | 'link' | 'changed' | 'script' | 'nobody';

/**
 * The state in the redirect: of a login begun here that is not over, missing, or any other. One that the login page itself
 * had in its address when it was opened by hand counts as missing.
 */
export type Mark = 'ours' | 'none' | 'wrong';

/** The login under way in the redirect's tab for this account: with a state that has to come back, without one, or none. */
export type Arming = 'marked' | 'armed' | 'none';

export type AskOfTable = 'not-started-here' | 'state-missing' | 'page-only' | 'followed-link';
export type RefuseReason = 'not-from-broker' | 'wrong-state';
export type Cell = 'accept' | { ask: AskOfTable } | { refuse: RefuseReason };

const FOREIGN = { refuse: 'not-from-broker' } as const;
const WRONG = { refuse: 'wrong-state' } as const;
const ask = (why: AskOfTable) => ({ ask: why });
const always = (cell: Cell): Record<Arming, Cell> => ({ marked: cell, armed: cell, none: cell });

/**
 * What each combination is worth. A state is 128 random bits, used once: who brings it back took part in the login, in
 * whatever tab. Without it only the broker's own header, or its page on its own, is taken, and only in an armed tab.
 * Where a navigation began is no provenance: a link on the broker's page to a site whose redirect leads here names the
 * broker too (2026-11, measured in Chromium 156 and Firefox 153).
 */
export const PROVENANCE: Record<Sender, Record<Mark, Record<Arming, Cell>>> = {
  header: {
    ours: always('accept'),
    none: { marked: ask('state-missing'), armed: 'accept', none: ask('not-started-here') },
    wrong: always(WRONG),
  },
  page: {
    ours: always('accept'),
    none: { marked: ask('state-missing'), armed: 'accept', none: ask('not-started-here') },
    wrong: always(WRONG),
  },
  link: {
    ours: always('accept'),
    none: { marked: ask('state-missing'), armed: ask('followed-link'), none: ask('not-started-here') },
    wrong: always(WRONG),
  },
  changed: {
    ours: always(ask('page-only')),
    none: { marked: ask('state-missing'), armed: ask('page-only'), none: FOREIGN },
    wrong: always(WRONG),
  },
  script: { ours: always(ask('page-only')), none: always(FOREIGN), wrong: always(WRONG) },
  nobody: { ours: always(ask('page-only')), none: always(FOREIGN), wrong: always(FOREIGN) },
};

/** A request as far as the browser vouches for it; `start` is null where its headers were not seen. */
export interface Vouched {
  origin: string | null;
  isHeader: boolean;
  /** The request was led on to this address after the page had begun it, by another extension or a server. */
  ledOn?: boolean;
  start: Start | null;
}

/** Who sent a request, or null for another host's redirect header, which says nothing of ours. */
export function senderOf({ origin, isHeader, ledOn, start }: Vouched, brokerOrigins: readonly string[]): Sender | null {
  const isBrokers = origin !== null && brokerOrigins.includes(origin);
  if (isHeader) return isBrokers ? 'header' : null;
  if (!isBrokers) return 'nobody';
  if (ledOn) return 'changed';
  return start !== null && !start.byHand && !start.hopped ? 'page' : 'link';
}
