import { answer } from '../../opening-bell.mjs';
import '../../trading.mjs'; // yours: it names exchange, verify and the rest

export const POST = answer;
