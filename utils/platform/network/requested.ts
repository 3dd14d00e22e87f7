const last = new Map<number, string>();

/** Notes the last top-level address that a tab asked for; in Firefox one without headers once it is judged. */
export function noteRequest(tab: number, url: string): void {
  last.set(tab, withoutHash(url));
}

/** Whether the browser showed the request for the page of a tab: Chromium shows none whose origin has a service worker. */
export function wasRequested(tab: number, url: string): boolean {
  return last.get(tab) === withoutHash(url);
}

function withoutHash(url: string): string {
  return url.replace(/#.*/s, '');
}

const judges = new Map<number, { url: string; judge(): Promise<void> }>();

/** Has a tab's last request judged without its headers, should its page speak before they came. */
export function onPageBefore(tab: number, url: string, judge: () => Promise<void>): void {
  judges.set(tab, { url: withoutHash(url), judge });
}

/** The page of a tab speaks: no headers of its request will come. Those of a request for another page still may. */
export async function pageSpeaks(tab: number, url: string): Promise<void> {
  const last = judges.get(tab);
  if (last?.url !== withoutHash(url)) return;
  judges.delete(tab);
  await last.judge();
}
