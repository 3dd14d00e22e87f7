/**
 * What the popup says, receiver by receiver and case by case: the status, and where something is wrong its reason.
 * The last column is what reached the receiver, case by case; a name that stands twice was sent twice.
 *
 * `not logged in`: a login at the broker before the person ever logged in at the backend. `same again`: the same token
 * pasted; `as before` where the paste is refused. `wrong account`: somebody else's login. `expired`: the paste of a token
 * that the broker calls so. `logged out`: at the backend; `in again`: and then Try again.
 */
const TABLE = `
                               | not logged in     | new token | same again | wrong account        | expired             | down                   | up again               | logged out        | in again | received
Python                         |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Django 3.2, two workers        |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Django 4.2                     |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Flask                          |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
FastAPI, four workers          |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Node                           |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Express                        |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
Next.js                        |                   | verified  | verified   | failed wrong_account | failed token_spent  | working unreachable    | verified               |                   |          | new wrong expired down
older Django 3.2, cookie       | failed logged_out | accepted  | accepted   | accepted             | failed rule_failed  | working unreachable    | accepted               | failed logged_out | accepted | new new wrong expired down logged
older Django 3.2, tab          | failed no_tab     | accepted  | accepted   | accepted             | failed rule_failed  | working unreachable    | accepted               | failed logged_out | accepted | new new wrong expired down logged
older Django 4.2, cookie       | failed logged_out | accepted  | accepted   | accepted             | failed rule_failed  | working unreachable    | accepted               | failed logged_out | accepted | new new wrong expired down logged
older Django 4.2, tab          | failed no_tab     | accepted  | accepted   | accepted             | failed rule_failed  | working unreachable    | accepted               | failed logged_out | accepted | new new wrong expired down logged
older Next.js                  |                   | verified  | verified   | verified             | expired             | working unreachable    | verified               |                   |          | new new wrong expired down
older FastAPI                  |                   | accepted  | as before  | accepted             | accepted            | failed outcome_unknown | failed outcome_unknown |                   |          | new wrong expired
older FastAPI with status page |                   | verified  | as before  | verified             | expired             | failed outcome_unknown | failed outcome_unknown |                   |          | new wrong expired
`;

export const CASES = [
  'not logged in',
  'new token',
  'same again',
  'wrong account',
  'expired',
  'down',
  'up again',
  'logged out',
  'in again',
] as const;
export type Case = (typeof CASES)[number];

export interface Row {
  name: string;
  /** What the popup says in each case that applies. */
  cells: ReadonlyMap<Case, string>;
  received: string[];
}

const [head = [], ...lines] = TABLE.split('\n')
  .filter(Boolean)
  .map((line) => line.split('|').map((cell) => cell.trim()));

export const ROWS: readonly Row[] = lines.map((cells) => ({
  name: cells[0] ?? '',
  cells: new Map(CASES.flatMap((name) => cellOf(cells, name))),
  received: cells.at(-1)?.split(' ') ?? [],
}));

function cellOf(cells: string[], name: Case): [Case, string][] {
  const said = cells[head.indexOf(name)] ?? '';
  return said === '' ? [] : [[name, said]];
}
