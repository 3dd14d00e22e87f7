import { browser, type WebRequest } from './browser.ts';
import {
  type BrokerPageSeen,
  documentsOf,
  type NavigationSeen,
  seenBrokerPage,
  seenHeaders,
  seenRequest,
} from './navigation.ts';

export interface NavigationHandlers {
  /** Hears every possible redirect and says whether it is to be sealed. */
  redirect(seen: NavigationSeen): Promise<{ seal: boolean }>;
  brokerPage(seen: BrokerPageSeen): void;
}

/**
 * Registers all request listeners; has to run in the background's first turn, or the event that woke it is missed.
 * In Chromium they only look on, and declarative rules do the sealing; in Firefox, which has blocking events but no
 * rules on headers, the listener seals once the capture is written.
 */
export function listenToNavigations(brokerUrls: string[], handlers: NavigationHandlers): void {
  const { webRequest } = browser;
  const brokers = documentsOf(brokerUrls);
  const everything = documentsOf(['<all_urls>']);
  const decide = import.meta.env.FIREFOX ? sealing(handlers) : lookingOn(handlers);
  const blocking = import.meta.env.FIREFOX ? (['blocking'] as const) : [];
  webRequest.onHeadersReceived.addListener((details) => decide(seenHeaders(details)), brokers, [
    'responseHeaders',
    ...blocking,
  ]);
  webRequest.onBeforeRequest.addListener((details) => decide(seenRequest(details)), everything, [
    'requestBody',
    ...blocking,
  ]);
  webRequest.onSendHeaders.addListener(
    (details) => {
      const seen = seenBrokerPage(details);
      if (seen) handlers.brokerPage(seen);
    },
    brokers,
    // Chromium hides Sec-Fetch-Site behind this word; Firefox does not know it.
    import.meta.env.FIREFOX
      ? ['requestHeaders']
      : (['requestHeaders', 'extraHeaders'] as WebRequest.OnSendHeadersOptions[]),
  );
}

type Decide = (seen: NavigationSeen | null) => Promise<WebRequest.BlockingResponse> | undefined;

function lookingOn({ redirect }: NavigationHandlers): Decide {
  return (seen) => {
    if (seen) void redirect(seen);
    return undefined;
  };
}

function sealing({ redirect }: NavigationHandlers): Decide {
  return async (seen) => {
    const { seal } = seen ? await redirect(seen) : { seal: false };
    return seal ? { redirectUrl: browser.runtime.getURL('/captured.html') } : {};
  };
}
