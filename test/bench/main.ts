import { parseArgs } from 'node:util';
import { speakEnglish } from '../support/speak-english.ts';
import { measureBackend } from './backend/backend.ts';
import { measureBrowser } from './browser.ts';
import { measureHold } from './hold/hold.ts';
import { measurePopup } from './popup/popup.ts';
import { measureRest } from './backend/rest.ts';
import { measureWorkers } from './backend/workers.ts';

/** `npm run bench`, or with `-- --only browser`, `hold`, `backend`, `workers`, `popup` or `rest` one part of it. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '40' },
    requests: { type: 'string', default: '300' },
    logins: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '10,1000,100000' },
    'worker-jobs': { type: 'string', default: '1000' },
    dashboards: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
  },
});

speakEnglish();
const sizes = {
  logins: Number(values.logins),
  jobs: values.jobs.split(',').map(Number),
  workerJobs: Number(values['worker-jobs']),
  dashboards: Number(values.dashboards),
  seconds: Number(values.seconds),
};

const isMeant = (part: string) => values.only === undefined || values.only === part;

if (isMeant('browser')) await measureBrowser(Number(values.runs));
if (isMeant('hold')) await measureHold(Number(values.requests));
if (isMeant('backend')) await measureBackend(sizes);
if (values.only === 'workers') await measureBackend(sizes, [measureWorkers]);
if (isMeant('popup')) await measurePopup(Number(values.runs));
if (isMeant('rest')) measureRest();
