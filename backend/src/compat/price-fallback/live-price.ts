import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../../utils/shared/contract.ts';
import type { Clients } from '../../brokers/clients.ts';
import { type AccountName, brokerOf } from '../../config/account-name.ts';
import type { Log } from '../../log/log.ts';
import { endedBy } from '../../session/findings.ts';
import type { Session, Sessions } from '../../store/tables/sessions.ts';
import { type Price, priceOf } from './price.ts';
import type { PriceSymbol } from './symbols.ts';

/** The brokers that prices come from, first choice first. */
const ORDER = ['icici', 'zerodha'] as const satisfies readonly BrokerId[];
type Priced = (typeof ORDER)[number];

export type LivePrices =
  | { ok: true; fallback: boolean; source: string; prices: Price[]; missing: string[] }
  | { ok: false; reason: 'no_session' | 'broker' | 'fallback'; words: string };

export interface LivePriceOptions {
  accounts: readonly AccountName[];
  sessions: Sessions;
  clients: Clients;
  /** Null: there is no fallback. */
  yahoo: ((symbol: PriceSymbol) => Promise<Price | null>) | null;
  log: Log;
  now(): number;
}

export type LivePrice = ReturnType<typeof createLivePrice>;

/** Prices from the broker's session or, only while there is none, from the fallback; each answer says which. */
export function createLivePrice({ accounts, sessions, clients, yahoo, log, now }: LivePriceOptions) {
  let isFallingBack = false;
  const setFallback = (next: boolean) => {
    if (next !== isFallingBack) log({ event: next ? 'fallback.on' : 'fallback.off' });
    isFallingBack = next;
  };
  const inOrder = ORDER.flatMap((broker) =>
    accounts.filter((account) => brokerOf(account) === broker).map((account) => ({ account, broker })),
  );
  const current = async (): Promise<{ broker: Priced; session: Session } | null> => {
    for (const { account, broker } of inOrder) {
      const session = await sessions.live(account, now());
      if (session !== null) return { broker, session };
    }
    return null;
  };

  async function fromBroker(
    broker: Priced,
    session: Session,
    symbols: readonly PriceSymbol[],
  ): Promise<LivePrices | null> {
    const instruments = symbols.map((symbol) => symbol[broker]);
    const reply = await clients[session.account]
      ?.open(session.accessToken, session.dayToken, session.user)
      .quote(instruments);
    if (reply === undefined || (await endedBy({ sessions, log, now }, session, reply))) return null;
    if (!reply.ok) return { ok: false, reason: 'broker', words: reply.words };
    setFallback(false);
    const rows = reply.value as Record<string, unknown>;
    return told(
      symbols,
      symbols.map((symbol) => priceOf(symbol.symbol, broker, rows[symbol[broker]])),
      {
        fallback: false,
        source: brokers[broker].name,
      },
    );
  }

  return {
    async quotes(symbols: readonly PriceSymbol[]): Promise<LivePrices> {
      const found = await current();
      const live = found === null ? null : await fromBroker(found.broker, found.session, symbols);
      if (live !== null) return live;
      if (yahoo === null) return { ok: false, reason: 'no_session', words: 'there is no session: log in' };
      setFallback(true);
      const prices = await Promise.all(symbols.map(yahoo));
      if (prices.every((price) => price === null))
        return { ok: false, reason: 'fallback', words: 'there is no session, and Yahoo Finance gives no price either' };
      return told(symbols, prices, { fallback: true, source: 'Yahoo Finance' });
    },
    /** A session lives again: the next price comes from it. */
    renewed: () => setFallback(false),
    isFallingBack: () => isFallingBack,
  };
}

function told(
  symbols: readonly PriceSymbol[],
  prices: readonly (Price | null)[],
  from: { fallback: boolean; source: string },
): LivePrices {
  return {
    ok: true,
    ...from,
    prices: prices.filter((price) => price !== null),
    missing: symbols.filter((_, index) => !prices[index]).map(({ symbol }) => symbol),
  };
}
