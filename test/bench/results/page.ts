import { SIZES } from '../../support/checks/sizes.ts';
import { cellsOf, fixed } from './cells.ts';
import { type Judged, judge } from './limits.ts';
import type { Speed, Table, TableId } from './speed.ts';

/** What each table measures, in a few sentences. */
const SECTIONS: Record<TableId, { title: string; says: string }> = {
  way: {
    title: 'From the redirect to the token at the backend',
    says: `The clock starts when the broker sends its redirect. It stops when the backend has the token.
The callback is the browser's own visit, without an extension. The content script is the usual way to write such an extension.
The floor is a worker that writes the token once and posts it. It knows no account, signs nothing and repeats nothing.
Each way has a browser of its own. A dead worker was ended right before the login.`,
  },
  'first-tick': {
    title: 'From the token at the backend to the first tick',
    says: `The older design writes the session to a file. It sees the file change, stops its feed and waits three seconds.
Both use the same broker client and the same feed.`,
  },
  live: {
    title: 'From the tick to *live* in the popup',
    says: `The extension's own judgement asks the reference backend: once by a check that waits, once as every other receiver is asked.`,
  },
  outbox: {
    title: 'The outbox',
    says: `Deliveries are stored one after the other, then sent one after the other to a server on the same machine.
This outbox writes a lease before each call, and its end after it. The row is its parts in their order, without the screens.
Workbox removes a request before it sends it. The last column counts the entries that a kill would leave at that moment.`,
  },
  popup: {
    title: 'The popup',
    says: `It shows three accounts. The empty popup is one word of HTML. The third is built of the same sources with React.`,
  },
  hold: {
    title: 'The hold on a dashboard’s requests',
    says: `The same requests go to the same server, by the browser alone and through each wrapper. “Times” is beside the browser alone.`,
  },
  weight: {
    title: 'Weight',
    says: `The memory is the JavaScript heap of the background at rest, after a collection. This extension has one account then.`,
  },
  retries: {
    title: 'Parked requests after a login',
    says: `The reference backend retries them. They are parked in SQLite before it starts. Each row is one run.`,
  },
  workers: {
    title: 'Workers',
    says: `One API process and some workers share a store. After each round pg-boss runs the same calls on the same Postgres, without this backend.
Its ratio is better the higher it is.`,
  },
  'take-over': {
    title: 'The feed’s holder is killed',
    says: `Another worker takes the feed over. Then every process tells a newer price.`,
  },
  status: {
    title: 'Signed status requests',
    says: `They are asked again and again, each as soon as the last one was answered. The rows follow one another.`,
  },
  rest: {
    title: 'At rest',
    says: `The product's own plan counts its wakings. No browser is watched for that long.`,
  },
};

/** docs/speed.md as a whole, from what a run measured. */
export function page({ date, commit, machine, versions, tables }: Speed): string {
  return [
    '# Speed',
    `\`npm run bench -- --write\` made this page and [its figures](../test/bench/results/speed.json). Do not edit it.
Its sentences stand in \`test/bench/results/page.ts\`.`,
    `A figure is a median. The quartiles stand behind it. Rows that are compared took turns in one run on one machine.
So only the ratios travel: “times” is the median of the ratios within a turn. A dash was not measured.`,
    '## Machine',
    markdown([['what', 'value'], ['date', date], ['commit', commit], ...machine, ...versions], '---'),
    '## Limits',
    `\`npm run bench\` fails above a limit. An aim that is not reached yet is printed as *held*.`,
    markdown(limitCells(judge(tables))),
    `\`npm test\` holds these sizes, which need no clock:`,
    markdown([['part', 'most bytes'], ...SIZES.map(({ name, most }) => [name, fixed(most, 0)])]),
    ...tables.flatMap(section),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

export function limitCells(judged: readonly Judged[]): string[][] {
  const heads = ['figure', 'is', 'aim', 'limit', 'verdict'];
  return [
    heads,
    ...judged.map(({ row, column, is, aim, most, verdict }) => [
      `${row}: ${column}`,
      is === null ? '–' : fixed(is, 2),
      fixed(aim, 2),
      fixed(most, 2),
      verdict,
    ]),
  ];
}

function section(table: Table): string[] {
  const { title, says } = SECTIONS[table.id];
  return [`## ${title}`, says, markdown(cellsOf(table))];
}

/** A table whose columns after the first stand as `rule` says: numbers to the right, words to the left. */
function markdown([heads = [], ...rows]: readonly string[][], rule = '---:'): string {
  const rules = heads.map((_, at) => (at === 0 ? '---' : rule));
  return [heads, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
