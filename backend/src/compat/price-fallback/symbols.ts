/** What a price is asked for, in the spelling of each source. */
export interface PriceSymbol {
  symbol: string;
  icici: string;
  zerodha: string;
  yahoo: string;
}

const share = (symbol: string, icici: string): PriceSymbol => ({
  symbol,
  icici: `NSE:${icici}`,
  zerodha: `NSE:${symbol}`,
  yahoo: `${symbol}.NS`,
});

/** The sources name most things differently, so that only what stands here can pass from one to another. */
export const SYMBOLS: readonly PriceSymbol[] = [
  { symbol: 'NIFTY', icici: 'NSE:NIFTY', zerodha: 'NSE:NIFTY 50', yahoo: '^NSEI' },
  { symbol: 'BANKNIFTY', icici: 'NSE:CNXBAN', zerodha: 'NSE:NIFTY BANK', yahoo: '^NSEBANK' },
  { symbol: 'SENSEX', icici: 'BSE:BSESEN', zerodha: 'BSE:SENSEX', yahoo: '^BSESN' },
  share('RELIANCE', 'RELIND'),
  share('TCS', 'TCS'),
  share('INFY', 'INFTEC'),
  share('HDFCBANK', 'HDFBAN'),
  share('ICICIBANK', 'ICIBAN'),
  share('SBIN', 'STABAN'),
  share('ITC', 'ITC'),
];
