/**
 * Firefox asks the person whether an extension may hand their data on, and lists the answer with the permissions
 * (2026-11, from 140 on, https://extensionworkshop.com/documentation/develop/firefox-builtin-data-consent/). It stands here among the hosts, under a name that no host can have.
 */
export const DATA_CONSENT = 'data:authenticationInfo';
/** Granted in a browser that knows no such question. */
export const NO_CONSENT_ASKED = 'data:not-asked';

/** Granted in a browser that has containers: Firefox on a computer. */
export const HAS_CONTAINERS = 'browser:containers';

/** The optional permission to read cookies stands here too: it is asked for and taken back together with the hosts. */
export const COOKIES = 'permission:cookies';
/** And the one to show notifications. */
export const NOTIFICATIONS = 'permission:notifications';
