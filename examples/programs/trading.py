"""The trading part of the small programs for Django and FastAPI. Kite's calls are written out; Breeze's stand beside."""
import os
from kiteconnect import KiteConnect, KiteTicker  # from breeze_connect import BreezeConnect
from opening_bell import acts, reads, yours

KEY, SECRET = os.environ["KITE_API_KEY"], os.environ["KITE_API_SECRET"]
INDICES = {256265: "NSE:NIFTY 50", 260105: "NSE:NIFTY BANK", 265: "BSE:SENSEX"}
# The feed's newest prices. Only the process that leads has them; several processes keep them in a table of yours.
ticks = {}

def kite(session):  # breeze = BreezeConnect(KEY); breeze.generate_session(SECRET, session["token"])
    return KiteConnect(KEY, session["access_token"])

@yours
def exchange(token):  # breeze.generate_session(SECRET, token); {"user": breeze.user_id, "token": token}
    made = KiteConnect(KEY).generate_session(token, api_secret=SECRET)
    return {"user": made["user_id"], "access_token": made["access_token"]}

@yours
def verify(session):  # breeze.get_funds()
    return kite(session).profile()

@yours
def feed(session, tell):  # breeze.ws_connect(), breeze.on_ticks, breeze.subscribe_feeds(…); breeze.ws_disconnect
    def take(ws, news):
        ticks.update((INDICES[tick["instrument_token"]], tick["last_price"]) for tick in news)
        tell("live")

    ticker = KiteTicker(KEY, session["access_token"])
    ticker.on_connect = lambda ws, response: (ws.subscribe(list(INDICES)), tell("subscribed"))
    ticker.on_ticks = take
    ticker.on_error = lambda ws, code, reason: tell("refused", str(reason))
    ticker.connect(threaded=True)
    return ticker.close

@reads
def quotes(session):  # breeze.get_quotes(stock_code="NIFTY", exchange_code="NSE", …) for each
    return {name: one["last_price"] for name, one in kite(session).quote(*INDICES.values()).items()}

@reads
def profile(session):  # breeze.get_customer_details(api_session=session["token"])
    return kite(session).profile()["user_name"]

@acts(within=600)
def buy(session, key, symbol, quantity):
    # It only says so. Here stand kite(session).place_order(…, tag=key), or breeze.place_order(…, user_remark=key),
    # and beside `within` a look_up that finds an order by its tag: see examples/python/trading.py.
    return f"would buy {quantity} {symbol}"
