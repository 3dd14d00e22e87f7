import browser from 'webextension-polyfill';

export type { Runtime, WebRequest } from 'webextension-polyfill';
export { browser };
