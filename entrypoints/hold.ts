import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import type { ToHold } from '../utils/domain/hold/hold-messages.ts';
import { openChannel } from '../utils/hold/main-world/channel.ts';
import { listenForOperations } from '../utils/hold/main-world/cooperation.ts';
import { holdFetch } from '../utils/hold/main-world/fetch.ts';
import { keepTexts } from '../utils/hold/main-world/stand-in.ts';
import { createHold } from '../utils/hold/main-world/store.ts';
import { holdXhr } from '../utils/hold/main-world/xhr.ts';

/** Runs in the page's own world of a dashboard that the person switched on, before the page's first script. */
export default defineUnlistedScript(() => {
  const hold = createHold((message) => say(message));
  const say = openChannel((message: ToHold) => hold.hear(message));
  keepTexts();
  holdXhr(hold);
  holdFetch(hold);
  listenForOperations(hold);
});
