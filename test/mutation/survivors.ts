/** A change of the code that no test has to see, since it changes nothing that can be observed. */
export interface Meant {
  file: string;
  /** The line, without its indentation, with ⟦ where the change begins. */
  code: string;
  /** What stands in the place of the code. */
  replacement: string;
  reason: string;
}

const ARMING = 'utils/domain/capture/arming.ts';
const ANSWERS = 'utils/domain/delivery/answers.ts';
const OUTBOX = 'utils/domain/delivery/delivery.ts';
const SIGNAL = 'utils/domain/dashboards/signal.ts';

export const MEANT: readonly Meant[] = [
  {
    file: 'utils/domain/capture/provenance.ts',
    code: 'const isBrokers = ⟦origin !== null && brokerOrigins.includes(origin);',
    replacement: 'true',
    reason: 'No list of origins holds null: the question is there for the types.',
  },
  {
    file: 'utils/domain/capture/capture.ts',
    code: "if (seen && markOf(evidence) === 'wrong' && ⟦login?.state === null) return { kind: 'ignore' };",
    replacement: 'login.state',
    reason: 'A token that was seen has a login here: the line above ends all others.',
  },
  {
    file: ARMING,
    code: "if (⟦origin !== null && accounts.some(({ origins }) => origins.includes(origin))) return 'broker';",
    replacement: 'true',
    reason: 'No list of origins holds null: the question is there for the types.',
  },
  {
    file: ARMING,
    code: "return ⟦origin !== null && theirs.has(origin) && !hopped ? 'theirs' : 'stranger';",
    replacement: 'true',
    reason: 'No set of origins holds null: the question is there for the types.',
  },
  {
    file: ARMING,
    code: "person: { same: ⟦'arm', another: 'arm', unknown: 'disarm' },",
    replacement: '""',
    reason: 'Whatever is neither disarm nor leave arms.',
  },
  {
    file: ARMING,
    code: "person: { same: 'arm', another: ⟦'arm', unknown: 'disarm' },",
    replacement: '""',
    reason: 'Whatever is neither disarm nor leave arms.',
  },
  {
    file: ARMING,
    code: "theirs: { same: ⟦'arm', another: 'arm', unknown: 'disarm' },",
    replacement: '""',
    reason: 'Whatever is neither disarm nor leave arms.',
  },
  {
    file: ARMING,
    code: "theirs: { same: 'arm', another: ⟦'arm', unknown: 'disarm' },",
    replacement: '""',
    reason: 'Whatever is neither disarm nor leave arms.',
  },
  {
    file: ARMING,
    code: "us: { same: 'leave', another: 'leave', unknown: ⟦'leave' },",
    replacement: '""',
    reason: 'A key that nobody has here arms for nobody, whatever the table says.',
  },
  {
    file: ARMING,
    code: "ahead: { same: 'leave', another: 'leave', unknown: ⟦'leave' },",
    replacement: '""',
    reason: 'A key that nobody has here arms for nobody, whatever the table says.',
  },
  {
    file: ANSWERS,
    code: "const answer = ⟦result.kind === 'response' && isSigned ? check(SessionConsented, parseJson(result.body)) : null;",
    replacement: 'true',
    reason: 'An answer that did not come has no body to read a consent from: the question is there for the types.',
  },
  {
    file: ANSWERS,
    code: "const isPage = (headers['content-type'] ?? ⟦'').includes('html') || /^\\s*<(!doctype|html)/i.test(body);",
    replacement: '"Stryker was here!"',
    reason: 'Any text without the word html decides the same.',
  },
  {
    file: ANSWERS,
    code: "return isChallenge(result) ? { words: (result.headers['www-authenticate'] ?? ⟦'').slice(0, MAX_WORDS) } : {};",
    replacement: '"Stryker was here!"',
    reason: 'A challenge has the header: the question is there for the types.',
  },
  {
    file: OUTBOX,
    code: "if (⟦body === null || understands.includes('token.with' satisfies Growth)) return body;",
    replacement: 'false',
    reason: 'Null is no message of the contract, and the next line gives back what is none.',
  },
  {
    file: OUTBOX,
    code: 'if (!message.ok || ⟦message.value.token.with === undefined) return body;',
    replacement: 'false',
    reason: 'A body without further values is written again byte by byte as it was.',
  },
  {
    file: 'utils/domain/session/settle-call.ts',
    code: 'return ⟦report !== null && isFrom(report, { ...lost, delivery: lost.id });',
    replacement: 'true',
    reason: 'Facts that an answer was just folded into have a report: the question is there for the types.',
  },
  {
    file: SIGNAL,
    code: 'if (⟦signals.length === 0 && !ANY_SIGN.test(answer.text)) return false;',
    replacement: 'false',
    reason: 'It saves parsing, and decides nothing.',
  },
  {
    file: SIGNAL,
    code: 'if (path === null) return ⟦text !== null && answer.text.includes(text);',
    replacement: 'true',
    reason: 'A signal of neither a path nor a text is one of a status, and was judged before.',
  },
  {
    file: SIGNAL,
    code: "⟦'auth_required|session|TokenException|access_token|could not authenticate|resource not available',",
    replacement: '""',
    reason: 'A pattern that nothing stands in fits every answer. It saves parsing, and decides nothing.',
  },
  {
    file: SIGNAL,
    code: '⟦[',
    replacement: '[]',
    reason: 'A pattern that nothing stands in fits every answer. It saves parsing, and decides nothing.',
  },
  {
    file: SIGNAL,
    code: '...SIGNS.map(⟦({ hint }) => hint.source),',
    replacement: '() => undefined',
    reason: 'A pattern that nothing stands in fits every answer. It saves parsing, and decides nothing.',
  },
  {
    file: SIGNAL,
    code: '} catch ⟦{',
    replacement: '{}',
    reason: 'A function that ends without a word gives undefined as well.',
  },
  {
    file: 'utils/domain/hold/replay.ts',
    code: 'return ⟦session !== null && session > since + SKEW_MS;',
    replacement: 'true',
    reason: 'Null is later than no moment: the question is there for the types.',
  },
];
