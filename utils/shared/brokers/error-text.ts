/** What an error's text says as a whole: an ended session of Kite, of Breeze, or something that only a broker's envelope could make clear. */
type Said = 'kite-ended' | 'kite-token' | 'breeze-ended' | 'invalid-session';

// 2026-11, in the words of the official clients: pykiteconnect and kiteconnect 5.3.0 hand on the API's own message;
// Breeze-Python-SDK names three of its own (config.py, SESSIONKEY_INCORRECT, SESSIONKEY_EXPIRED, AUTHENICATION_EXCEPTION);
// breezeconnect 1.0.31 for Node has the last of them only.
// https://github.com/zerodha/pykiteconnect and https://github.com/Idirect-Tech/Breeze-Python-SDK
const SENTENCES: readonly [sentence: RegExp, said: Said][] = [
  [/^incorrect api_key or access_token\.?$/, 'kite-ended'],
  // A password's reset link is refused in the same words, so these need Kite's own name beside them.
  [/^token is invalid or has expired\.?$/, 'kite-token'],
  [/^invalid session credentials\.?$/, 'kite-token'],
  [/^session key is expired\.?$/, 'breeze-ended'],
  [/^could not authenticate credentials\. please check (?:session key|token and keys)\.?$/, 'breeze-ended'],
  // A dashboard's own login may say so too.
  [/^invalid session\.?$/, 'invalid-session'],
];

/** The sentence that a text is, and whether a broker's name or Kite's `TokenException` stood before it. */
export interface ErrorText {
  said: Said;
  broker: boolean;
  tokenException: boolean;
}

/** Reads the text of an error as a whole; null where it is any other text. */
export function readErrorText(text: string): ErrorText | null {
  if (text.length > LONGEST) return null;
  let rest = plain(text);
  let broker = false;
  let tokenException = false;
  for (let taken = 0; taken <= MOST_PREFIXES; taken++) {
    const said = sentence(rest);
    if (said !== null) return { said, broker, tokenException };
    const prefix = prefixOf(rest);
    if (prefix === null) return null;
    if (OTHER_EXCEPTION.test(prefix.name)) return null;
    if (TOKEN_EXCEPTION.test(prefix.name)) tokenException = true;
    if (BROKER.test(prefix.name)) broker = true;
    rest = prefix.rest;
  }
  return null;
}

const LONGEST = 300;
const MOST_PREFIXES = 3;

const TOKEN_EXCEPTION = /(?:^|[.\\:])tokenexception$/;
// Kite's other errors may quote an order, whose name is anybody's.
const OTHER_EXCEPTION = /(?:^|[.\\:])(?:order|input|margin|holding|permission|network|data|general)exception$/;
const BROKER = /^(?:zerodha|kite ?connect|kite|breeze ?connect|breeze|icici ?direct|icici|broker)\b/;

/** What programs are used to put before a broker's words. Closed: an order's name must not become a prefix. */
const NAMES = [
  /(?:[a-z_]\w*(?:[.\\]|::))*\w*(?:exception|error)/,
  /(?:http )?(?:error )?[45]\d\d(?: [a-z]+){0,3}/,
  /request failed with status code [45]\d\d/,
  /(?:zerodha|kite ?connect|kite|breeze ?connect|breeze|icici ?direct|icici|broker)(?: api)?(?: error| exception)?(?: \(?[45]\d\d\)?)?/,
  /(?:unexpected|internal server|api|server|authentication|session|login|request|upstream|order placement) (?:error|failed)/,
  /(?:an? )?(?:unexpected |unhandled |uncaught |unknown )?(?:error|exception) occurred|(?:unhandled|uncaught) (?:error|exception)/,
  /error|failed|failure|unauthorized|forbidden|bad request|detail|message|something went wrong/,
  /(?:failed to|could not|unable to|cannot|error(?: while| in| when)?) (?:fetch|get|load|read|retriev|plac|modify|cancel|refresh|generat)e?(?:t?ing|l?ing)?(?: the)?(?: user| your)? (?:quotes?|profile|holdings|positions|orders?|orderbook|margins?|funds|instruments|option chain|prices?|ltp|ohlc|historical|market|data|customer details|portfolio|trades|session|balances?|candles|watchlist|indices|depth)(?: data)?(?: (?:for|of) [\w:&.-]{1,40})?/,
];
const PREFIX = new RegExp(
  `^[[(]?(${NAMES.map(({ source }) => source).join('|')})[\\])]?(?:: ?| [-–—] |(?<=[\\])]) )(.+)$`,
);
// Python's repr of an exception, and a class that was called.
const REPR = /^((?:[a-z_]\w*\.)*\w*(?:exception|error))\((?:status_code=[45]\d\d, detail=)?(['"])(.+)\2,?\)$/;

function prefixOf(text: string): { name: string; rest: string } | null {
  const repr = REPR.exec(text);
  if (repr) return { name: repr[1] ?? '', rest: repr[3] ?? '' };
  const [, name, rest] = PREFIX.exec(text) ?? [];
  return name === undefined || rest === undefined ? null : { name, rest };
}

function sentence(text: string): Said | null {
  return SENTENCES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Lower case, single blanks, and without the backticks that Kite writes and templates escape. */
function plain(text: string): string {
  return text
    .replace(/&#x60;|&#96;|`/gi, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
