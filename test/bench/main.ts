import { parseArgs } from 'node:util';
import { measureBackend } from './backend.ts';
import { measureBrowser } from './browser.ts';

/** `npm run bench`, or with `-- --only browser` or `-- --only backend` one half of it. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '40' },
    logins: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '10,1000,100000' },
    dashboards: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
  },
});

if (values.only !== 'backend') await measureBrowser(Number(values.runs));
if (values.only !== 'browser')
  await measureBackend({
    logins: Number(values.logins),
    jobs: values.jobs.split(',').map(Number),
    dashboards: Number(values.dashboards),
    seconds: Number(values.seconds),
  });
