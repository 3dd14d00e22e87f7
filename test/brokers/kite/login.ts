import { type Answer, type Asked, html, redirect, withQuery, worker } from '../message.ts';
import { bounce, form, page } from '../page.ts';
import { BAD_KEY, kiteError } from './errors.ts';
import { type KitePractice, type KiteShape, random } from './practice.ts';
import { basketQuery, loginQuery } from './redirect.ts';

const COOKIE = 'kf_session';

/** kite.zerodha.com: from the login URL to the redirect, with or without pages on the way. */
export function createLogin(kite: KitePractice): (asked: Asked) => Answer {
  const pending = new Map<string, { apiKey: string; parameters: string }>();

  function start({ query }: Asked): Answer {
    const apiKey = query.get('api_key') ?? '';
    if (!kite.apps.has(apiKey)) return BAD_KEY;
    const id = random();
    pending.set(id, { apiKey, parameters: query.get('redirect_params') ?? '' });
    return redirect(withQuery('/connect/login', [...query, ['sess_id', id]]));
  }

  function login(asked: Asked): Answer {
    const id = asked.query.get('sess_id');
    if (id === null) return start(asked);
    const app = kite.apps.get(pending.get(id)?.apiKey ?? '');
    if (app === undefined) return BAD_KEY;
    if (asked.method === 'POST') return enter(id, new URLSearchParams(asked.body).get('user_id') || app.userId);
    if (kite.shape.silent && webUser(asked) !== null) return redirect(finishUrl(id));
    const fields = [
      { name: 'user_id', label: 'User ID', value: app.userId },
      { name: 'password', label: 'Password', value: 'practice', type: 'password' as const },
    ];
    return html(page('Log in to practice trading', form(withQuery('/connect/login', asked.query), fields, 'Log in')));
  }

  function enter(id: string, userId: string): Answer {
    const cookie = random();
    kite.webSessions.set(cookie, userId);
    const headers = { 'set-cookie': `${COOKIE}=${cookie}; Path=/; Secure; HttpOnly` };
    if (!kite.shape.consent) return redirect(finishUrl(id), headers);
    const consent = html(page('Allow this app to use your account?', form(finishUrl(id), [], 'Allow')));
    return consent === 'hang-up' ? consent : { ...consent, headers: { ...consent.headers, ...headers } };
  }

  function finish(asked: Asked): Answer {
    const id = asked.query.get('sess_id') ?? '';
    const login = pending.get(id);
    const app = kite.apps.get(login?.apiKey ?? '');
    const userId = webUser(asked);
    if (login === undefined || app === undefined || userId === null) return BAD_KEY;
    const isStranger = kite.shape.ownUserOnly === true && userId !== app.userId;
    if (kite.faults.has('kite.login.error') || isStranger)
      return kiteError(400, 'InputException', 'The user is not enabled for the app.');
    pending.delete(id);
    const query = loginQuery(kite, app.apiKey, userId, login.parameters);
    return depart(kite.shape, app.redirectUrl, query);
  }

  /** Ends the browser's web session, and shows the page that asks who is there. */
  function logOut({ headers }: Asked): Answer {
    kite.webSessions.delete(cookieOf(headers.cookie));
    const answer = html(page('Log in to Kite', ''));
    const gone = { 'set-cookie': `${COOKIE}=; Path=/; Secure; HttpOnly; Max-Age=0` };
    return answer === 'hang-up' ? answer : { ...answer, headers: { ...answer.headers, ...gone } };
  }

  function basket({ query }: Asked): Answer {
    const app = kite.apps.get(query.get('api_key') ?? '');
    return app === undefined ? BAD_KEY : redirect(withQuery(app.redirectUrl, basketQuery(query.has('bare'))));
  }

  function webUser({ headers }: Asked): string | null {
    return kite.webSessions.get(cookieOf(headers.cookie)) ?? null;
  }

  return (asked) => {
    if (asked.path === '/connect/login') return login(asked);
    if (asked.path === '/connect/finish') return finish(asked);
    if (asked.path === '/logout') return logOut(asked);
    if (asked.path === '/basket-return') return basket(asked);
    if (asked.path === '/worker.js') return worker();
    return html(page('Page not found', ''), 404);
  };
}

/** The ways in which brokers lead a browser to a redirect URL. */
function depart({ departs = 'header', ballast = 0 }: KiteShape, to: string, query: [string, string][]): Answer {
  const fields: [string, string][] = ballast > 0 ? [...query, ['ballast', 'x'.repeat(ballast)]] : query;
  const url = withQuery(to, fields);
  const refresh = `0;url=${url}`;
  switch (departs) {
    case 'header':
      return redirect(url);
    case 'script':
      return html(page('Logged in', `<script>location.replace(${JSON.stringify(url)})</script>`));
    case 'form':
      return html(
        page(
          'Logged in',
          bounce(
            to,
            fields.map(([name, value]) => ({ name, value })),
          ),
        ),
      );
    case 'refresh-tag':
      return html(page('Logged in', `<meta http-equiv="refresh" content="${refresh.replaceAll('&', '&amp;')}">`));
    case 'refresh-header': {
      const answer = html(page('Logged in', ''));
      return answer === 'hang-up' ? answer : { ...answer, headers: { ...answer.headers, refresh } };
    }
  }
}

function cookieOf(header = ''): string {
  return new RegExp(`${COOKIE}=(\\w+)`).exec(header)?.[1] ?? '';
}

function finishUrl(id: string): string {
  return withQuery('/connect/finish', [['sess_id', id]]);
}
