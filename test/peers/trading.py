"""A person's trading.py, written for the tests: it asks the practice brokers (exchange.ts), or takes any token but a few."""
import json, os, threading, time
from datetime import datetime
from urllib.request import urlopen
from opening_bell import Refused, acts, reads, yours

SLOW = float(os.environ.get("PRACTICE_SLOW", "0"))  # how long a call takes, in seconds

class TokenException(Exception):
    """As Kite's client has it."""

class OrderException(Exception):
    """As Kite's client has it."""

def note(*words):
    """Adds to what was seen: one line, written at once, by however many processes."""
    if "PRACTICE_LOG" in os.environ:
        with open(os.environ["PRACTICE_LOG"], "a") as log: log.write(" ".join(map(str, words)) + "\n")

@yours
def exchange(token):
    note("exchange", token)
    if "PRACTICE_EXCHANGE" in os.environ:
        with urlopen(os.environ["PRACTICE_EXCHANGE"] + token) as answer: said = json.load(answer)
        if "refused" in said: raise Refused(said["refused"])
        return {"user": said["user"], "ends": said["ends"], "access_token": token}
    time.sleep(0.1)
    is_first = not hasattr(exchange, token)
    setattr(exchange, token, True)
    if is_first and token.startswith("Stuck"): time.sleep(600)
    if token.startswith("Slow"): time.sleep(11)
    if token.startswith("Spent"): raise TokenException("Token is invalid or has expired.")
    if is_first and token.startswith("Key"): raise Refused("configuration")
    if token.startswith("Fault"): raise ValueError(f"no such thing as {token}")
    if is_first and token.startswith("Flaky"): raise OSError
    if is_first and token.startswith("Word"): raise Refused("the token is no good")
    if is_first and token.startswith("Nobody"): return {"access_token": token}
    if is_first and token.startswith("Ends"): return {"user": "AB1234", "ends": "tomorrow"}
    if is_first and token.startswith("Blank"): return {"user": " "}
    if is_first and token.startswith("Over"): return {"user": "AB1234", "ends": time.time() / 1000}
    # Kite's client gives a moment that is no JSON beside its texts.
    return {"user": "AB1234", "ends": time.time() + 8 * 3600, "access_token": token, "login_time": datetime.now()}

def times(line):
    """How often a line was seen so far."""
    with open(os.environ["PRACTICE_LOG"]) as log: return log.read().count(f"{line}\n")

@yours
def verify(session):
    if session["access_token"].startswith("False"): return False
    # The first session of this token ends with its first call.
    if session["access_token"].startswith("Twice") and times("gone") and times(f"exchange {session['access_token']}") == 1:
        raise TokenException("Incorrect `api_key` or `access_token`.")
    if session["access_token"].startswith("Dead"): raise TokenException("Incorrect `api_key` or `access_token`.")
    if session["access_token"].startswith("Breeze"): raise Exception("Unexpected error: Session key is expired.")

if "PRACTICE_FEED" in os.environ:
    @yours
    def feed(session, tell):
        note("feed", session["access_token"], os.getpid(), time.time())
        tell("subscribed")
        tell("live")
        return lambda: note("stop", session["access_token"], os.getpid())

@reads
def quote(session, name, *more):
    if session["access_token"].startswith("Gone"): raise TokenException("Incorrect `api_key` or `access_token`.")
    if session["access_token"].startswith("Twice") and not times("gone"):
        note("gone")
        raise TokenException("Incorrect `api_key` or `access_token`.")
    if name == "List": return {"Error": ["no text"]}
    time.sleep(SLOW)
    note("read", name)
    return {"name": name, "by": session["access_token"]}

def find(session, key):
    with open(os.environ["PRACTICE_LOG"]) as log: return "found" if f"act {key}\n" in log.read() else None

@acts(within=float(os.environ.get("PRACTICE_WITHIN", "600")), look_up=find)
def buy(session, key, symbol):
    if symbol == "Doubt" and not times("doubt"):
        note("doubt")
        raise TokenException("Incorrect `api_key` or `access_token`.")
    # The broker lists this one a second after its answer was lost.
    if symbol == "Late": threading.Timer(1, note, ["act", key]).start()
    elif symbol != "Lost": note("act", key)
    time.sleep(SLOW)
    if symbol in ("Hang", "Lost"):
        note("hangs", symbol)
        time.sleep(600)
    if symbol in ("Cut", "Late"): raise ConnectionError("the answer was lost")
    if symbol == "Poor": raise OrderException("insufficient funds")
    return {"key": key, "symbol": symbol}

@acts(within=600)
def sell(session, key, symbol):
    note("act", key)
    return {"key": key, "sold": symbol}
