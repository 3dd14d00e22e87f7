import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { guardEvents } from '../utils/hold/isolated/event-guard.ts';
import { holdHere } from '../utils/hold/isolated/holding.ts';

/** Runs beside the hold on a dashboard that the person switched on: decides what the hold does, and speaks with the background. */
export default defineUnlistedScript(() => holdHere(guardEvents()));
