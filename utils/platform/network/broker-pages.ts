import { browser, type WebRequest } from '../browser.ts';
import { onPermissionsChanged } from '../runtime/permissions.ts';

/** A broker's page that a tab shows; what is on it is nobody's business. */
export interface ShownPage {
  tab: number;
  url: string;
  status: number;
}

/** Hears when a broker really shows a page in a tab: an answer that is no redirect. */
export function onBrokerPageShown(brokerUrls: string[], listener: (page: ShownPage) => void): void {
  const onCompleted = ({ tabId, url, statusCode }: WebRequest.OnCompletedDetailsType) => {
    const isRedirect = statusCode >= 300 && statusCode < 400;
    if (tabId >= 0 && !isRedirect) listener({ tab: tabId, url, status: statusCode });
  };
  const listen = () => {
    browser.webRequest.onCompleted.removeListener(onCompleted);
    browser.webRequest.onCompleted.addListener(onCompleted, { urls: brokerUrls, types: ['main_frame'] });
  };
  listen();
  // 2026-11, Chromium 156: a listener that was registered while no host was granted stays deaf after the first grant.
  onPermissionsChanged(listen);
}
