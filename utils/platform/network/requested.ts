const last = new Map<number, string>();

/** Notes the last top-level address that a tab asked for. */
export function noteRequest(tab: number, url: string): void {
  last.set(tab, withoutHash(url));
}

/** Whether the browser showed the request for the page of a tab: none does whose origin has a service worker. */
export function wasRequested(tab: number, url: string): boolean {
  return last.get(tab) === withoutHash(url);
}

function withoutHash(url: string): string {
  return url.replace(/#.*/s, '');
}
