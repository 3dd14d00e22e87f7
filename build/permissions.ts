/** A permission of the manifest and its reason: the one place from which manifest, documents and store texts are made. */
export interface Permission {
  name: string;
  /** `optional` ones are asked for at the moment of need. */
  kind: 'required' | 'optional';
  only?: 'firefox';
  reason: { en: string; hi: string };
}

/** Frozen from the first release on: a required permission more would switch the extension off at every update. */
export const PERMISSIONS: readonly Permission[] = [
  {
    name: 'alarms',
    kind: 'required',
    reason: {
      en: 'To try again after the browser stopped the background, and to look at the session in time.',
      hi: 'ब्राउज़र के बैकग्राउंड रोक देने के बाद फिर कोशिश करने और सत्र को समय पर देखने के लिए।',
    },
  },
  {
    name: 'storage',
    kind: 'required',
    reason: {
      en: 'To keep a token on its way in memory only, and preferences without secrets on disk.',
      hi: 'रास्ते में चल रहे टोकन को केवल मेमोरी में, और बिना राज़ वाली पसंद डिस्क पर रखने के लिए।',
    },
  },
  {
    name: 'webRequest',
    kind: 'required',
    reason: {
      en: 'To see the broker send the login back to your redirect URL.',
      hi: 'यह देखने के लिए कि ब्रोकर लॉगिन को आपके रीडायरेक्ट URL पर लौटाता है।',
    },
  },
  {
    name: 'scripting',
    kind: 'required',
    reason: {
      en: 'To confirm the login on a redirect page of yours that really loads, and to hold the failed requests of dashboards that you named.',
      hi: 'आपके सचमुच खुलने वाले रीडायरेक्ट पेज पर लॉगिन की पुष्टि करने, और आपके बताए डैशबोर्ड के विफल अनुरोध रोककर रखने के लिए।',
    },
  },
  {
    name: 'declarativeNetRequestWithHostAccess',
    kind: 'required',
    reason: {
      en: 'To keep a redirect that is never to be opened off the network, and to name your own backend as origin of one call that needs it.',
      hi: 'जो रीडायरेक्ट कभी नहीं खुलना चाहिए उसे नेटवर्क से दूर रखने के लिए, और जिस एक कॉल को ज़रूरत है उसमें आपके अपने बैकएंड को स्रोत बताने के लिए।',
    },
  },
  {
    name: 'contextMenus',
    kind: 'required',
    reason: {
      en: 'To log in, check and pause from the toolbar button’s menu.',
      hi: 'टूलबार बटन के मेनू से लॉगिन, जाँच और विराम के लिए।',
    },
  },
  {
    name: 'webRequestBlocking',
    kind: 'required',
    only: 'firefox',
    reason: {
      en: 'To keep a redirect that is never to be opened off the network.',
      hi: 'जो रीडायरेक्ट कभी नहीं खुलना चाहिए, उसे नेटवर्क से दूर रखने के लिए।',
    },
  },
  {
    name: 'notifications',
    kind: 'optional',
    reason: {
      en: 'To remind you of a login that is due. Asked for when you switch reminders on.',
      hi: 'बाकी लॉगिन की याद दिलाने के लिए। याद दिलाना चालू करने पर पूछा जाता है।',
    },
  },
  {
    name: 'cookies',
    kind: 'optional',
    reason: {
      en: 'To read the CSRF cookie of your own login at your backend, and to open a login in a container of Firefox. Asked for with a destination that is set to use it, and by “Allow containers”.',
      hi: 'आपके बैकएंड पर आपके अपने लॉगिन की CSRF कुकी पढ़ने के लिए, और लॉगिन को Firefox के कंटेनर में खोलने के लिए। उसे इस्तेमाल करने वाले गंतव्य के साथ और “कंटेनर की अनुमति दें” से पूछा जाता है।',
    },
  },
];

/** The hosts that are asked for when an account needs them, and why; none is asked for at install. */
export const HOSTS: readonly { host: Permission['reason']; reason: Permission['reason'] }[] = [
  {
    host: { en: 'The broker’s login pages', hi: 'ब्रोकर के लॉगिन पेज' },
    reason: { en: 'To see the broker send the login back.', hi: 'यह देखने के लिए कि ब्रोकर लॉगिन लौटाता है।' },
  },
  {
    host: { en: 'Your redirect URL’s host', hi: 'आपके रीडायरेक्ट URL का होस्ट' },
    reason: {
      en: 'To read the form that a broker posts there, to confirm the login on a page of yours, or to see your own callback answer.',
      hi: 'ब्रोकर का वहाँ भेजा फ़ॉर्म पढ़ने, आपके पेज पर लॉगिन की पुष्टि करने, या आपके अपने कॉलबैक का जवाब देखने के लिए।',
    },
  },
  {
    host: { en: 'Each destination’s host', hi: 'हर गंतव्य का होस्ट' },
    reason: {
      en: 'To hand the token over, and to ask how the session stands. Firefox asks along with it whether login data may go there.',
      hi: 'टोकन सौंपने और सत्र का हाल पूछने के लिए। Firefox साथ में पूछता है कि लॉगिन डेटा वहाँ जा सकता है या नहीं।',
    },
  },
  {
    host: { en: 'Each dashboard’s host', hi: 'हर डैशबोर्ड का होस्ट' },
    reason: {
      en: 'To let requests that failed without a session wait there for a login.',
      hi: 'बिना सत्र के विफल हुए अनुरोधों को वहाँ लॉगिन का इंतज़ार करने देने के लिए।',
    },
  },
];

/** The names of one kind of permission that a browser's manifest lists. */
export function permissionNames(kind: Permission['kind'], browser: string): string[] {
  return PERMISSIONS.filter((one) => one.kind === kind && (one.only ?? browser) === browser).map(({ name }) => name);
}
