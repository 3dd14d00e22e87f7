/** The sign-in form. `csrf` is base64url, `problem` a sentence of our own: neither needs escaping. */
export function signInPage(csrf: string, problem: string | null): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Opening Bell backend</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/page.css">
</head>
<body>
<main class="narrow">
<h1>Opening Bell backend</h1>
<form method="post" action="/admin/login">
<input type="hidden" name="csrfmiddlewaretoken" value="${csrf}">
<label for="password">Administrator’s password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${problem === null ? '' : ' aria-describedby="problem" aria-invalid="true"'}>
${problem === null ? '' : `<p id="problem" class="message bad" role="alert">${problem}</p>`}
<p class="hint">It is ADMIN_PASSWORD of this backend. No broker ever asks for it.</p>
<div class="actions"><a href="/">Back</a><button class="primary">Sign in</button></div>
</form>
</main>
</body>
</html>
`;
}
