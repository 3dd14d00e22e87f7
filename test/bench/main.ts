import { parseArgs } from 'node:util';
import { measureBackend } from './backend.ts';
import { measureBrowser } from './browser.ts';
import { measureHold } from './hold.ts';

/** `npm run bench`, or with `-- --only browser`, `-- --only hold` or `-- --only backend` one part of it. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '40' },
    requests: { type: 'string', default: '300' },
    logins: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '10,1000,100000' },
    dashboards: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
  },
});

const isAsked = (part: string) => values.only === undefined || values.only === part;

if (isAsked('browser')) await measureBrowser(Number(values.runs));
if (isAsked('hold')) await measureHold(Number(values.requests));
if (isAsked('backend'))
  await measureBackend({
    logins: Number(values.logins),
    jobs: values.jobs.split(',').map(Number),
    dashboards: Number(values.dashboards),
    seconds: Number(values.seconds),
  });
