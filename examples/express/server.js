import express from 'express';
import { receive } from './opening-bell.js';

const app = express();

// Before any express.json() of yours: the signature is over the raw bytes.
app.post('/session', express.raw({ type: () => true, limit: '8kb' }), async (request, response) => {
  const { status, headers, text } = await receive((name) => request.get(name), request.body);
  response.status(status).set(headers).send(Buffer.from(text));
});

app.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');
