// An Express app as many are: parsers and a logger stand before every route, under a sub-path.
import express from 'express';
import { respond, start } from './opening-bell.mjs';
import './trading.mjs';

const app = express();
const rawBody = (request, _response, bytes) => {
  request.rawBody = bytes;
};
app.use(express.json({ verify: rawBody, type: () => true, limit: '2mb', strict: false }));
app.use(express.urlencoded({ extended: true }));
app.use((request, _response, next) => {
  console.log(request.path, Object.keys(request.body ?? {}));
  next();
});

const router = express.Router();
router.post('/session', respond);
app.use('/bell', router);
start();
app.listen(Number(process.env.PORT), '127.0.0.1');
