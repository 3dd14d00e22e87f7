import express from 'express';
import { respond, start } from './opening-bell.mjs';
import './trading.mjs'; // yours: it names exchange, verify and the rest

const app = express();

// Before any express.json() of yours: the signature is over the raw bytes.
app.post('/session', respond);

start();
app.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');
