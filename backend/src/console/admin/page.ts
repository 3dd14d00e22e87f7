import type { AccountName } from '../../config/account-name.ts';

export interface SignIn {
  /** base64url: it needs no escaping. */
  csrf: string;
  /** A sentence of our own. */
  problem: string | null;
  /** Whose login goes on after the sign-in. */
  login: AccountName | null;
  hasPassword: boolean;
  isIn: boolean;
}

/** The sign-in page. A one-time key stands behind the `#` of its address, where no server and no log sees it. */
export function signInPage(signIn: SignIn): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Opening Bell backend</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../assets/page.css">
<script type="module" src="../assets/sign-in.js"></script>
</head>
<body>
<main class="narrow"${signIn.login === null ? '' : ` data-login="${signIn.login}"`}>
<h1>Opening Bell backend</h1>
<p id="notice" class="message" role="status"></p>
${signIn.isIn ? signedIn(signIn.login) : form(signIn)}
</main>
</body>
</html>
`;
}

function signedIn(login: AccountName | null): string {
  const way =
    login === null
      ? '<a class="button primary" href="../">Open the page</a>'
      : `<a class="button primary" href="../api/auth/login?broker=${login}">Log in at the broker</a>`;
  return `<p>You are signed in.</p>
<div class="actions">${way}</div>`;
}

function form({ csrf, problem, login, hasPassword }: SignIn): string {
  const link =
    'Open the link that <code>npm run backend</code> printed in its terminal. It works once: <code>npm run backend:open</code> prints another.';
  if (!hasPassword) return `<p class="hint">${link}</p>`;
  return `<form method="post" action="login">
<input type="hidden" name="csrfmiddlewaretoken" value="${csrf}">
<input type="hidden" name="login" value="${login ?? ''}">
<label for="password">Administrator’s password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${problem === null ? '' : ' aria-describedby="problem" aria-invalid="true"'}>
${problem === null ? '' : `<p id="problem" class="message bad" role="alert">${problem}</p>`}
<p class="hint">It is ADMIN_PASSWORD of this backend. No broker ever asks for it.</p>
<div class="actions"><button class="primary">Sign in</button></div>
</form>
<p class="hint">Without it: ${link[0]?.toLowerCase()}${link.slice(1)}</p>`;
}
