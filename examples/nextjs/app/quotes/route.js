import { AuthRequired } from '../../opening-bell.mjs';
import { quote } from '../../trading.mjs';

export const dynamic = 'force-dynamic';

export async function GET() {
  try {
    return Response.json(await quote('NSE:NIFTY 50', 'NSE:NIFTY BANK', 'BSE:SENSEX'));
  } catch (error) {
    if (!(error instanceof AuthRequired)) throw error;
    return Response.json(error.answer);
  }
}
