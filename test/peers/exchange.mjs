// The part of the examples that is yours, written for the tests: it asks the practice brokers (exchange.ts) where there
// are any. Plain JavaScript, since the Next.js example is built with it before there are packages.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const YOURS = {
  'opening_bell.py': {
    before: '    return "AB1234"',
    put: `    if "PRACTICE_EXCHANGE" in os.environ:
        from urllib import request
        with request.urlopen(os.environ["PRACTICE_EXCHANGE"] + token) as answer: said = json.load(answer)
        if "refused" in said: raise Refused(said["refused"])
        return said["user"], said["ends"]
`,
  },
  'opening-bell.js': {
    before: "  return { user: 'AB1234'",
    put: `  if (process.env.PRACTICE_EXCHANGE) {
    const said = await (await fetch(process.env.PRACTICE_EXCHANGE + token)).json();
    if (said.refused) throw new Refused(said.refused);
    return { user: said.user, accessToken: token, ends: said.ends * 1_000 };
  }
`,
  },
};

/** The text of an example's file, with an exchange where it leaves one to you. */
export function withExchange(path) {
  const text = readFileSync(path, 'utf8');
  const yours = YOURS[basename(path)];
  if (!yours) return text;
  if (!text.includes(yours.before)) throw new Error(`${path} has no ${yours.before}`);
  return text.replace(yours.before, yours.put + yours.before);
}
