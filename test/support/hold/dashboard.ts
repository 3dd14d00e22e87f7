import type { Page } from 'playwright-core';
import { type DashboardForm, DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import type { Browser } from '../browsers/browser.ts';

/** Switches a dashboard on for an account, the browser's prompt answered with yes; gives our id of it. */
export async function switchOn(
  browser: Browser,
  account: string,
  origin: string,
  change: Partial<DashboardForm> = {},
): Promise<string> {
  const { protocol, hostname } = new URL(origin);
  await browser.allow(`${protocol}//${hostname}/*`);
  const form: DashboardForm = { origin, account, signals: [], rules: [], lookup: null, ...DEFAULT_LIMITS, ...change };
  const reply = await browser.send({ type: 'save-dashboard', id: null, form });
  if (!reply.ok || !reply.dashboard) throw new Error(JSON.stringify(reply));
  return reply.dashboard;
}

/** An account with nothing behind it, for pages that never get as far as a login. */
export async function bareAccount(browser: Browser, name = 'bare'): Promise<string> {
  const form = {
    broker: 'zerodha' as const,
    name,
    apiKey: 'bare',
    redirectUrl: 'http://127.0.0.1/callback',
    mode: 'seal' as const,
    expectedUser: null,
  };
  const reply = await browser.send({ type: 'save-account', id: null, form });
  if (!reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
  return reply.account;
}

/** The dialog in a page's closed shadow root, as a person meets it: by what is seen, by real clicks and keys. */
export interface SeenDialog {
  text: string;
  acts: string[];
  focused: string | null;
  press(act: string, nth?: number): Promise<void>;
}

type Node = {
  nodeName: string;
  backendNodeId: number;
  nodeValue: string;
  attributes?: string[];
  children?: Node[];
  shadowRoots?: Node[];
  contentDocument?: Node;
};

/** Every dialog of ours in this page, through the developer protocol, which alone sees into a closed root. */
export async function dialogsIn(page: Page): Promise<SeenDialog[]> {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { root } = (await cdp.send('DOM.getDocument', { depth: -1, pierce: true })) as { root: Node };
    const hosts = all(root).filter(({ nodeName }) => nodeName === 'OPENING-BELL');
    return hosts.map((host) => {
      const inside = (host.shadowRoots ?? []).flatMap(all);
      const buttons = inside.filter((node) => attribute(node, 'data-act') !== null);
      return {
        text: inside
          .filter(({ nodeName }) => nodeName === '#text')
          .map(({ nodeValue }) => nodeValue)
          .join(' '),
        acts: buttons.map((node) => attribute(node, 'data-act') ?? ''),
        focused: null,
        async press(act, nth = 0) {
          const button = buttons.filter((node) => attribute(node, 'data-act') === act)[nth];
          if (!button) throw new Error(`the dialog has no ${act}`);
          const session = await page.context().newCDPSession(page);
          const { model } = (await session.send('DOM.getBoxModel', { backendNodeId: button.backendNodeId })) as {
            model: { content: number[] };
          };
          await session.detach();
          const [left = 0, top = 0, , , right = 0, bottom = 0] = model.content;
          await page.mouse.click((left + right) / 2, (top + bottom) / 2);
        },
      };
    });
  } finally {
    await cdp.detach();
  }
}

function all(node: Node): Node[] {
  const below = [
    ...(node.children ?? []),
    ...(node.shadowRoots ?? []),
    ...(node.contentDocument ? [node.contentDocument] : []),
  ];
  return [node, ...below.flatMap(all)];
}

function attribute({ attributes = [] }: Node, name: string): string | null {
  const at = attributes.indexOf(name);
  return at === -1 || at % 2 === 1 ? null : (attributes[at + 1] ?? '');
}
