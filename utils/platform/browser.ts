import browser from 'webextension-polyfill';

export type { Menus, Runtime, WebRequest } from 'webextension-polyfill';
export { browser };
