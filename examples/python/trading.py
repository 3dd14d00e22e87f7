"""Yours: what Opening Bell does with your broker's official client. Here Kite's; Breeze's calls stand beside."""
import os
from kiteconnect import KiteConnect, KiteTicker  # from breeze_connect import BreezeConnect
from opening_bell import acts, reads, yours

KEY, SECRET = os.environ["KITE_API_KEY"], os.environ["KITE_API_SECRET"]

def kite(session): return KiteConnect(KEY, session["access_token"])

@yours
def exchange(token):  # breeze.generate_session(SECRET, token); {"user": breeze.user_id, "token": token}
    made = KiteConnect(KEY).generate_session(token, api_secret=SECRET)
    return {"user": made["user_id"], "access_token": made["access_token"]}

@yours
def verify(session): return kite(session).profile()  # breeze.get_funds()

@yours
def feed(session, tell):  # breeze.ws_connect(), breeze.on_ticks, breeze.subscribe_feeds(…); breeze.ws_disconnect
    ticker = KiteTicker(KEY, session["access_token"])
    ticker.on_connect = lambda ws, response: (ws.subscribe([256265]), tell("subscribed"))
    ticker.on_ticks = lambda ws, ticks: tell("live")
    ticker.on_error = lambda ws, code, reason: tell("refused", str(reason))
    ticker.connect(threaded=True)
    return ticker.close

@reads
def quote(session, *names): return kite(session).quote(*names)  # breeze.get_quotes(…)

def find_order(session, key): return next((one for one in kite(session).orders() if one["tag"] == key), None)

@acts(within=120, look_up=find_order)
def buy(session, key, symbol, quantity):  # breeze.place_order(…, user_remark=key)
    return kite(session).place_order(variety="regular", exchange="NSE", tradingsymbol=symbol, quantity=quantity,
                                     transaction_type="BUY", product="CNC", order_type="MARKET", tag=key)
