import express from 'express';
import { AuthRequired, respond, start } from './opening-bell.mjs';
import { quote } from './trading.mjs'; // yours: it names exchange, verify and the rest

const app = express();

// Before any express.json() of yours: the signature is over the raw bytes.
app.post('/session', respond);

app.get('/quotes', async (_request, response) => {
  response.json(await quote('NSE:NIFTY 50', 'NSE:NIFTY BANK', 'BSE:SENSEX'));
});

app.use((error, _request, response, next) => {
  if (error instanceof AuthRequired) response.json(error.answer);
  else next(error);
});

start();
app.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');
