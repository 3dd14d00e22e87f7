/** Something that has a price, under the names of both brokers. `close` is the previous day's, in rupees. */
export interface Instrument {
  /** Zerodha's instrument token; its last byte is the segment. */
  token: number;
  kite: string;
  breeze: { code: string; stream: string };
  close: number;
}

export const INDICES: readonly Instrument[] = [
  { token: 256265, kite: 'NSE:NIFTY 50', breeze: { code: 'NIFTY', stream: '4.1!NIFTY 50' }, close: 26_000 },
  { token: 260105, kite: 'NSE:NIFTY BANK', breeze: { code: 'CNXBAN', stream: '4.1!NIFTY BANK' }, close: 58_500 },
  { token: 265, kite: 'BSE:SENSEX', breeze: { code: 'BSESEN', stream: '1.1!SENSEX' }, close: 85_000 },
];

const VIX: Instrument = {
  token: 264969,
  kite: 'NSE:INDIA VIX',
  breeze: { code: 'INDVIX', stream: '4.1!INDIA VIX' },
  close: 13.5,
};

export interface Price {
  last: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

/** The instrument of a name in either broker's spelling; every name is one. */
export function instrumentOf(name: string): Instrument {
  const known = [...INDICES, VIX].find(({ kite, breeze }) => [kite, breeze.code, breeze.stream].includes(name));
  return known ?? stock(name, hash(name) * 256 + 1);
}

export function instrumentBy(token: number): Instrument {
  return INDICES.find((instrument) => instrument.token === token) ?? stock(String(token), token);
}

/** The price at a moment: a slow wave within 0.2 % of the close, the same for every caller. */
export function priceOf({ close, token }: Instrument, at: number): Price {
  const around = (share: number) => Math.round(close * (1 + share) * 20) / 20;
  return {
    last: around(0.002 * Math.sin(at / 30_000 + token)),
    open: around(0.0005),
    high: around(0.003),
    low: around(-0.003),
    close,
  };
}

function stock(name: string, token: number): Instrument {
  return { token, kite: name, breeze: { code: name, stream: name }, close: 100 + (token % 2_900) };
}

function hash(text: string): number {
  let sum = 7;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 4_000_003;
  return sum;
}
