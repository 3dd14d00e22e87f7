import type { MarketId } from '../../../shared/market.ts';
import { namesSession } from './holiday-words.ts';
import { ownedBy } from './segments.ts';

// A comma between quotes divides nothing.
const SIGNS = /[\t|;,](?=(?:[^"]*"[^"]*")*[^"]*$)/;
const FLAG = /^(?:is_?)?(?:holiday|open|trading(?:_?day)?)$/i;
const TRADES = /^(?:open|closed?)$/;
const YES = /^(?:true|yes|y|1)$/i;
const NO = /^(?:false|no|n|0)$/i;

/** The cells of a table's line. */
function cellsOf(text: string): string[] {
  return text
    .replace(/^\s*\|/, '')
    .split(SIGNS)
    .map((cell) => cell.trim().replaceAll(/^"|"$/g, ''));
}

/** The heads of a table's columns, where one of them says whether an exchange or a session of it trades; else null. */
export function headsIn(text: string, market: MarketId): string[] | null {
  const cells = cellsOf(text);
  const says = cells.some((cell) => FLAG.test(cell) || namesSession(cell) || ownedBy(cell, market) !== null);
  return says && cells.length > 1 ? cells : null;
}

/** What a row's cells say of its day, beyond the name: null where they say nothing. */
export function saidByCells(text: string, heads: readonly string[] | null, market: MarketId): Said {
  const cells = cellsOf(text);
  if (heads !== null && heads.length === cells.length) {
    const said = saidByColumns(cells, heads, market);
    if (said !== null) return said;
  }
  const named = cells.map((cell) => ownedBy(cell, market)).filter((one) => one !== null);
  return named.length > 0 && !named.includes('own') ? 'other_market' : null;
}

type Said = 'closed' | 'open' | 'other_market' | 'unclear' | null;

function saidByColumns(cells: readonly string[], heads: readonly string[], market: MarketId): Said {
  const flags = cells.map((cell, at) => flagOf(heads[at] ?? '', cell)).filter((one) => one !== null);
  if (flags.includes('open')) return 'open';
  const words = cells.flatMap((cell, at) => {
    const owner = ownedBy(heads[at] ?? '', market);
    return owner === null ? [] : [{ owner, word: cell.replaceAll(/\W/g, '').toLowerCase() }];
  });
  if (!words.some(({ word }) => TRADES.test(word))) return null;
  const own = words.filter(({ owner }) => owner === 'own');
  if (own.length === 0) return 'other_market';
  if (!own.every(({ word }) => TRADES.test(word))) return 'unclear';
  return own.every(({ word }) => word === 'open') ? 'open' : 'closed';
}

/** Whether a day trades, by a flag's name and what it says; null where that is no such flag. */
export function flagOf(name: string, value: string): 'open' | 'closed' | null {
  if (!FLAG.test(name) || !(YES.test(value) || NO.test(value))) return null;
  return YES.test(value) === /holiday/i.test(name) ? 'closed' : 'open';
}
