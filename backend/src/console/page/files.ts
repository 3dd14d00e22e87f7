import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { PAGE_POLICY } from './policy.ts';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};
type Kind = keyof typeof TYPES;

/** Every path that is a file, and no other. */
const FILES: [path: string, file: string, kind: Kind][] = [
  ['/', 'dashboard.html', 'html'],
  ['/session-manager', 'session-manager.html', 'html'],
  ['/assets/page.css', 'page.css', 'css'],
  ['/assets/dashboard.js', 'dashboard.js', 'js'],
  ['/assets/session-manager.js', 'session-manager.js', 'js'],
  ['/assets/breeze.js', 'breeze.js', 'js'],
  ['/assets/dialog.js', 'dialog.js', 'js'],
  ['/assets/queue.js', 'queue.js', 'js'],
  ['/assets/login-results.js', 'login-results.js', 'js'],
  ['/assets/sign-in.js', 'sign-in.js', 'js'],
  ['/assets/send.js', 'send.js', 'js'],
  ['/assets/show.js', 'show.js', 'js'],
  ['/assets/status.js', 'status.js', 'js'],
];

/** Our two pages, and the files that these and the sign-in load. */
export function pageRoutes(): Hono {
  const routes = new Hono();
  for (const [path, file, kind] of FILES) {
    const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
    routes.get(path, (context) => {
      const policy: Record<string, string> = kind === 'html' ? { 'content-security-policy': PAGE_POLICY } : {};
      // With `no-referrer` a form of the page would come with the origin `null`, as a stranger's does.
      return context.body(text, 200, { 'content-type': TYPES[kind], 'referrer-policy': 'same-origin', ...policy });
    });
  }
  return routes;
}
