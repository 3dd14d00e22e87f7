// A small Express program: `node server.mjs`. Three indices, a button that reads, one that would act, the calls that wait.
import express from 'express';
import { AuthRequired, calls, cancel, confirm, respond, start } from './opening-bell.mjs';
import { buy, profile, quotes, ticks } from './trading.mjs';

const app = express();
app.post('/session', respond);
app.get('/', (_request, response) => response.sendFile('page.html', { root: import.meta.dirname }));

// No other site's page may ask.
app.use((request, response, next) => {
  if (request.get('sec-fetch-site') === 'same-origin') next();
  else response.sendStatus(403);
});
app.get('/quotes', async (_request, response) => response.json(await quotes()));
app.get('/ticks', (_request, response) => response.json(ticks));
app.get('/profile', async (_request, response) => response.json(await profile()));
app.post('/buy', async (request, response) =>
  response.json(await buy.keyed(request.get('idempotency-key'), 'NIFTYBEES', 1)),
);
app.get('/calls', (_request, response) => response.json(calls()));
app.post('/calls/:number/confirm', ({ params }, response) => response.json(confirm(Number(params.number))));
app.post('/calls/:number/cancel', ({ params }, response) => response.json(cancel(Number(params.number))));

app.use((error, _request, response, next) => {
  if (error instanceof AuthRequired) response.json(error.answer);
  else next(error);
});

start();
app.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');
