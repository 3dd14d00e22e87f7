import type { MarketId } from '../../../shared/market.ts';

/** How the exchanges and brokers call a market in their JSON. */
const CODES: Record<MarketId, readonly string[]> = {
  'nse-fo': ['FO', 'NFO', 'NSE_FO'],
  'nse-equity': ['CM', 'NSE', 'EQ', 'NSE_EQ'],
  currency: ['CD', 'CDS', 'NCD_FO'],
  mcx: ['COM', 'MCX', 'MCX_FO'],
  'mcx-agri': ['COM', 'MCX', 'MCX_FO'],
  'mcx-agri-late': ['COM', 'MCX', 'MCX_FO'],
};
// NSE names each of its segments by such a key.
const SEGMENT_KEY = /^(?:CBM|CD|CM|CMOT|COM|FO|IRD|MF|NDM|NTRP|SLBS)$/;
const COMMODITIES: readonly MarketId[] = ['mcx', 'mcx-agri', 'mcx-agri-late'];
/** How others name an exchange or a segment, and the markets whose days those are. */
const OTHER_KEYS: readonly (readonly [name: RegExp, markets: readonly MarketId[]])[] = [
  [/^(?:nse|bse|equit(?:y|ies)|stocks?|cash)$/i, ['nse-fo', 'nse-equity']],
  [/^(?:nfo|bfo|f&o|fno|derivatives|equity_derivatives)$/i, ['nse-fo']],
  [/^(?:cds|bcd|currency|currency_derivatives|forex)$/i, ['currency']],
  [/^(?:mcx|ncdex|commodit(?:y|ies))$/i, COMMODITIES],
];

export function isSegment(name: string): boolean {
  return SEGMENT_KEY.test(name) || OTHER_KEYS.some(([pattern]) => pattern.test(name));
}

export function isOwnSegment(name: string, market: MarketId): boolean {
  if (SEGMENT_KEY.test(name)) return CODES[market].includes(name);
  return OTHER_KEYS.some(([pattern, markets]) => pattern.test(name) && markets.includes(market));
}

export function namesMarket(codes: readonly unknown[], market: MarketId): boolean {
  return codes.some((one) => CODES[market].includes(String(one)));
}

/** Whose day it is by the exchanges and segments that a text consists of: `NSE, BSE`; null where it names none. */
export function ownedBy(text: string, market: MarketId): 'own' | 'other' | null {
  const words = text.split(/\s*(?:[,/|;]|\s&\s|\band\b)\s*|\s+/i).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => isSegment(word) || isCode(word))) return null;
  return words.some((word) => isOwnSegment(word, market) || CODES[market].includes(word)) ? 'own' : 'other';
}

function isCode(word: string): boolean {
  return Object.values(CODES).some((codes) => codes.includes(word));
}
