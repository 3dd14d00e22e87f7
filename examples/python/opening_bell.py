"""Opening Bell in a Python program: one file, nothing but the standard library, Python 3.9 or newer.

The contract: `receive` answers the extension's signed messages, as docs/contract.md has them.
Your program: `current` gives it the session; `reads` and `acts` park its calls until a login.
The work: one process leads, by a lock that ends with it. It verifies, runs the feed and the parked calls.
The store: SQLite files in a folder of mode 0700, in clear: the standard library has no cipher.
"""
import atexit, base64, contextvars, functools, hmac, inspect, json, logging, os, re, secrets, sqlite3, threading, time
import traceback
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from types import SimpleNamespace

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
# By broker: its tokens' kind and shape, and the hour in India at which its sessions end.
BROKERS = {"zerodha": {"kind": "one-time", "shape": "[A-Za-z0-9]{16,64}", "ends_at": 6},
           "icici": {"kind": "day", "shape": "[A-Za-z0-9]{4,64}", "ends_at": 0}}
# The refusals of the contract, and the status that each comes with.
STATUS = {"bad_request": 400, "bad_signature": 401, "stale_timestamp": 401, "wrong_account": 409, "superseded": 409,
          "in_progress": 409, "token_spent": 410, "configuration": 422, "rate_limited": 429, "unavailable": 503}
# A report where there is no session, and where there is no feed.
NONE = {"state": "none", **dict.fromkeys(["delivery", "user", "exchanged_at", "verified_at", "expires_at", "problem"])}
OFF = {"state": "off", **dict.fromkeys(["first_tick_at", "last_tick_at", "source", "problem"])}
FEED = ["connecting", "subscribed", "live", "refused", "no_market_data"]  # what `tell` may say
STATES = ["parked", "queued", "running", "done", "failed", "needs_confirmation", "stale", "cancelled"]
ENDED = ("token_spent", "the broker calls the token used or expired")
# By the words or the class of a client's error: what it means for a token, and for the person.
MEANINGS = {"Invalid `checksum`.": ("configuration", "the broker refuses the API secret"),
            "InputException": ("configuration", "the broker refuses the API key"),
            # The official clients say that a session is gone: Kite's by a class, Breeze's by whole sentences.
            **dict.fromkeys(["AuthRequired", "TokenException", "Invalid session.", "Session key is expired.",
                             "Unexpected error: Session key is expired.",
                             "Could not authenticate credentials. Please check session key."], ENDED)}
# What Kite refuses in one of these classes was not carried out. Any other error of a call that acts leaves it lost.
REFUSALS = ["InputException", "OrderException", "MarginException", "HoldingException", "PermissionException"]
FINAL = ["token_spent", "wrong_account", "superseded"]  # kept for the token; after any other it may come again
YOURS, CALLS = {}, {}  # your functions, and your calls, by name
WORKER = {"pid": None, "stops": False}  # the process whose thread works, and whether that has to end

class Refused(Exception):
    """Refused(reason, words): why a token is not taken, by a reason of the contract, and for the person."""
    def __init__(self, reason, words=""):
        if reason not in STATUS: raise ValueError(f"{reason!r} is no reason of the contract")
        super().__init__(reason, words)
        self.reply = {"type": "session.refused", "reason": reason, "message": words[:200]}

class AuthRequired(Exception):
    """A call waits under `number`; give your page `answer`. Raise it in a call yourself where the session is gone."""
    def __init__(self, number=None):
        super().__init__(f"call {number} waits for a login, or for your confirmation")
        self.number, self.answer = number, {"auth_required": True, "parked": number, "error": str(self)}

class Late(Exception):
    """A function of yours has not come back. The outcome of its work is not known."""

def yours(function):
    """Takes your functions by their names: exchange, verify, and feed if you have one.

    exchange(token) gives a dict with `user`, and `ends` in epoch seconds if you know it. verify(session) raises, or
    gives False, where the broker refuses. feed(session, tell) starts a feed and gives a function that stops it.
    """
    name = function.__name__
    if name not in ("exchange", "verify", "feed"): raise ValueError(f"{name} is none of exchange, verify and feed")
    return YOURS.setdefault(name, plain(function))

def plain(function):
    """Calling an async function, or one that yields, runs nothing of it: it would count as done."""
    runs_nothing = [inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction]
    if any(test(function) for test in runs_nothing): raise TypeError(f"write {function.__name__} without async and yield")
    return function

# Settings are read when they are used: many programs fill their environment after their imports.
def setting(name, otherwise=""): return os.environ.get(f"OPENING_BELL_{name}") or otherwise
def broker(): return setting("BROKER", "zerodha")
def account(): return setting("ACCOUNT", broker())
def secret(): return base64.b64decode(setting("SECRET")[len("whsec_"):])

def trouble():
    """One sentence on what keeps this receiver from answering, or None."""
    if broker() not in BROKERS: return "OPENING_BELL_BROKER must be zerodha or icici"
    if not setting("SECRET"): return "OPENING_BELL_SECRET is not set"
    shapes = [("SECRET", setting("SECRET"), "whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
               'is no secret; this makes one: echo "whsec_$(openssl rand -base64 32)"'),
              ("ACCOUNT", account(), "[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}", "is no account's name"),
              ("USER", setting("USER"), "([A-Za-z0-9]{2,40})?", "is no user id of a broker"),
              ("TIMEOUT", setting("TIMEOUT", "60"), "[1-9][0-9]{0,4}", "is no number of seconds")]
    for name, value, shape, words in shapes:
        if value.strip("\"'` \t\r\n") != value: return f"OPENING_BELL_{name} has quotes or blanks around it"
        if not re.fullmatch(shape, value): return f"OPENING_BELL_{name} {words}"
    is_example = len(set(secret())) < 12 or b"example" in secret()
    return "OPENING_BELL_SECRET is an example's secret" if is_example else None

# The contract.

def receive(headers, body):
    """Takes a POST: its headers, its body as raw bytes. Gives the status, the headers and the text to answer with."""
    if isinstance(body, str): body = body.encode()  # the signature tells whether it is still what was sent
    if not isinstance(body, (bytes, bytearray)): raise TypeError(f"body is the raw bytes, and no {type(body).__name__}")
    start()
    given = {name.lower(): value for name, value in headers.items()}  # a dict of headers knows no case
    id, at, signature = (str(given.get(f"webhook-{name}") or "") for name in ("id", "timestamp", "signature"))
    id = id if re.fullmatch("[A-Za-z0-9_-]{1,64}", id) else ""  # it comes back in a signed answer
    fault = trouble()
    try: reply = Refused("configuration", fault).reply if fault else handle(id, at, signature, body)
    except Refused as refused: reply = refused.reply
    except Exception as error:
        reply = Refused("unavailable", blame("the receiver failed", error, body.decode(errors="replace"))).reply
    text = json.dumps({**reply, "id": id, "server_time": iso()}).encode()
    plain, now = {"content-type": "application/json", "cache-control": "no-store"}, str(int(time.time()))
    if fault: return 503, plain, text  # without a secret nothing can be signed
    signed = {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": sign(id, now, text)}
    return STATUS.get(reply.get("reason"), 200), {**plain, **signed}, text

def handle(id, at, signature, body):
    if len(body) > 8192: raise Refused("bad_request", "a message has 8 KiB at most")  # the rest was not read
    own = sign(id, at, body).encode()
    if not id or not any([hmac.compare_digest(one.encode(), own) for one in signature.split(" ")]):
        raise Refused("bad_signature", "" if body else "the body came empty: something read it before this route did")
    if not re.fullmatch("[0-9]{1,12}", at) or abs(time.time() - int(at)) > 300: raise Refused("stale_timestamp")
    message = read(body)
    if message["account"] != account(): raise Refused("wrong_account", "this receiver is for another account")
    if message["type"] == "session.check": return report()
    if message["broker"] != broker(): raise Refused("wrong_account", f"this receiver is for {broker()}")
    if message["at"] > time.time() + 300: raise Refused("stale_timestamp", "captured_at lies ahead")
    if message.get("dry_run"): return {"type": "session.applied", "status": "dry_run", "session": shown()}
    if not {"exchange", "verify"} <= YOURS.keys(): raise Refused("configuration", "exchange or verify is not written")
    try: return in_time("exchange", deliver, id, message, seconds=10)  # the extension waits for 15
    except Late as late: raise Refused("in_progress", str(late)) from None

def read(body):
    """The message in a signed body; anything else is a bad request."""
    try:
        message = json.loads(body)
        right = [repr(message["version"]) == "1", isinstance(message["account"], str)]
        if message["type"] != "session.check":
            if message["broker"] not in BROKERS: raise Refused("bad_request", f"unknown broker {message['broker']}"[:60])
            rule, token, user = BROKERS[message["broker"]], message["token"], message["expected_user"]
            message.update(at=moment(message["captured_at"]), until=moment(message["expires_at"]))
            right += [message["type"] == "session.captured", message.get("dry_run", False) in (True, False),
                      token["kind"] == rule["kind"], re.fullmatch(rule["shape"], token["value"]),
                      user is None or re.fullmatch(".{1,40}", user)]
        if all(right): return message
    except (ValueError, TypeError, KeyError, RecursionError): pass
    raise Refused("bad_request", "the message is none of the contract's")

def deliver(id, message):
    """The final answer to a token: the one that it had before, or that of its exchange."""
    name, kind, at = f"answer:{id}", message["token"]["kind"], message["at"]
    begun = {"at": at, "mark": sign("", "", message["token"]["value"].encode())}
    with store("exchange", wait=10):  # a lock: one process exchanges at a time
        before = kept(name)
        if before and before["mark"] != begun["mark"]: raise Refused("bad_request", "this id is another token's")
        # A day token of a second login is the same token; it is worth an exchange where the first one's session is gone.
        if before and "reply" in before and not (kind == "day" and at > before["at"] and not living()):
            return {**before["reply"], **({"session": shown()} if "status" in before["reply"] else {})}
        try:
            # Begun, not answered, and the lock is free: its process died, or failed.
            if before and kind == "one-time": raise Refused("token_spent", "the receiver failed while it exchanged this token")
            return apply(id, message, name, begun)
        except Refused as refused:
            keep(name, {**begun, "reply": refused.reply} if refused.reply["reason"] in FINAL else None)
            raise

def apply(id, message, name, begun):
    """Exchanges a token. What it comes to is kept together with the answer, or neither is."""
    last, token, at = kept("last") or {"user": "", "at": 0}, message["token"]["value"], message["at"]
    pins = {user.lower() for user in (setting("USER", last["user"]), message["expected_user"]) if user}
    if at < last["at"]: raise Refused("superseded", "a newer login was applied")
    if len(pins) > 1: raise Refused("wrong_account", "this receiver is for another user")
    if message["until"] < time.time(): raise Refused("token_spent", "the token came too late")
    keep(name, begun)
    try:
        made = in_time("exchange", YOURS["exchange"], token)
        user, ends = made["user"].strip(), iso(made.get("ends") or next_hour(BROKERS[broker()]["ends_at"]))
        if not user or moment(ends) < time.time(): raise ValueError("exchange gave no user, or an end that is over")
    except Exception as error: raise refusal_for(error, message["token"]["kind"], at, token) from None
    if pins and user.lower() not in pins: raise Refused("wrong_account", "another user has logged in")
    session = {"state": "exchanged", "delivery": id, "user": user[:2] + "*" * max(len(user) - 2, 2),
               "exchanged_at": iso(), "expires_at": ends, "made": made}
    reply = {"type": "session.applied", "status": "applied", "session": shown(session)}
    with store() as db:
        keep("session", session, db)
        keep("last", {"user": user, "at": at}, db)
        keep(name, {**begun, "reply": {**reply, "status": "replayed"}}, db)
        db.execute("DELETE FROM kept WHERE name GLOB '*:*' AND changed < ?", [time.time() - WEEK])
    return reply

def meaning(error): return MEANINGS.get(str(error)) or MEANINGS.get(type(error).__name__)
def is_ended(error): return meaning(error) is ENDED or isinstance(error, Refused) and error.reply["reason"] == "token_spent"

def refusal_for(error, kind, at, token):
    """What an error of `exchange` means for its token; its words are logged where none here explains it."""
    if isinstance(error, Refused): return error
    # The broker may have taken a one-time token, or take it still.
    if isinstance(error, Late) and kind == "one-time": return Refused("token_spent", blame("exchange failed", error, token))
    # 2026-11: a busy Breeze calls a token expired that it takes a minute later.
    is_young = kind == "day" and time.time() < at + 300
    is_known = meaning(error) and not (is_ended(error) and is_young)
    return Refused(*(meaning(error) if is_known else ("unavailable", blame("exchange failed", error, token))))

def shown(held=None):
    """The session as a report shows it."""
    facts = {name: (held or kept("session") or NONE).get(name) for name in NONE}
    is_over = facts["state"] in ("exchanged", "verified") and moment(facts["expires_at"]) <= time.time()
    return {**facts, "state": "expired"} if is_over else facts

def living():
    """The session, unless it is over."""
    held = kept("session")
    return held if held and shown(held)["state"] in ("exchanged", "verified") else None

def report():
    every, told, held = calls(), kept("feed"), living()
    queue = {state: sum(one["state"] == state for one in every) for state in STATES}
    fields = ["state", "parked_at", "finished_at", "took_ms", "problem"]
    queue["latest"] = [{**{field: one[field] for field in fields}, "id": f"call_{one['number']}",
                        "label": f"{one['name']} {one['given']}"[:100]} for one in reversed(every[-20:])]
    # A feed that has not begun is about to, and an older session's counts no more.
    feed = {**OFF, "state": "connecting" if held else "off"}
    if told and held and told.get("of") == held["exchanged_at"]: feed = {field: told[field] for field in OFF}
    return {"type": "session.report", "account": account(), "session": shown(),
            **({"queue": queue} if CALLS or every else {}), **({"feed": feed} if "feed" in YOURS else {})}

# Your program.

def current():
    """The living session as `exchange` made it, or None; the same in every process."""
    return (living() or NONE).get("made")

def reads(function):
    """For a function(session, …) that only reads: parked without a session, it runs automatically after the login."""
    return wrap(function, DAY)

def acts(within, look_up=None):
    """For a function(session, key, …) that acts: parked, it runs after `confirm`, once, and not after `within` seconds.

    Where its outcome was lost, look_up(session, key) finds it: any JSON, or None where the broker knows of nothing.
    A call of it takes a key of yours as key=…; what is parked under one runs once.
    """
    return lambda function: wrap(function, within, is_act=True, look_up=look_up or (lambda session, key: None))

def wrap(function, within, is_act=False, look_up=None):
    name, of = function.__name__, [function.__module__, function.__qualname__]
    if is_act: of += [function.__defaults__, function.__closure__]  # two orders of one text may be for two things
    if not 0 < within <= WEEK: raise ValueError("within is a week at most, in seconds")  # what is older is forgotten
    if name == "<lambda>": raise ValueError("a call needs a name: write it with def")
    # A parked call finds its function by the name alone.
    if name in CALLS and CALLS[name]["of"] != of: raise ValueError(f"two named {name}")
    CALLS[name] = {"run": plain(function), "of": of, "look_up": look_up and plain(look_up)}
    @functools.wraps(function)
    def call(*args, **named):
        key = named.pop("key", None) or secrets.token_hex(10) if is_act else None
        held, given = living(), json.dumps([args, named])
        one = {"name": name, "given": given, "is_act": is_act, "key": key or given,
               "state": "needs_confirmation" if is_act else "parked", "parked_at": iso(), "until": time.time() + within,
               "finished_at": None, "took_ms": None, "problem": None, "look_at": None,
               "tried": held and held["exchanged_at"]}  # not tried again on this session
        before = same_as(one)
        if before and before["given"] != given: raise ValueError("this key is another call's")
        if before and before["state"] == "done": return before["result"]
        if before and before["finished_at"]: raise RuntimeError(f"call {before['number']} is {before['state']}")
        try:
            if held and not before: return attempt(one, held, function)
        except AuthRequired: doubt(held)
        with store() as db:
            last = max([other["number"] for other in calls(db)], default=0)
            parked = same_as(one, db) or save({**one, "number": last + 1}, db)
        raise AuthRequired(parked["number"])
    return call

def same_as(one, db=None):
    """The call of this name and key; a read counts only while it waits."""
    alike = [other for other in calls(db) if (other["name"], other["key"]) == (one["name"], one["key"])
             and (one["is_act"] or other["state"] == "parked")]
    return alike[0] if alike else None

def attempt(one, held, function):
    args, named = json.loads(one["given"])
    return ask(function, held["made"], *([one["key"]] if one["is_act"] else []), *args, **named)

def ask(function, *args, **named):
    """Runs a function of yours; AuthRequired where the broker says that the session is gone."""
    try: result = function(*args, **named)
    except Exception as error:
        if is_ended(error): raise AuthRequired() from error
        raise
    if inspect.isawaitable(result) or inspect.isgenerator(result): raise TypeError("async or yield: nothing of it ran")
    # Breeze's client returns its errors, and so does Kite's own JSON.
    said = [str(result.get(field)) for field in ("Error", "error_type")] if isinstance(result, dict) else []
    if any(MEANINGS.get(words) is ENDED for words in said): raise AuthRequired()
    return result

def in_time(name, function, *args, seconds=None):
    """Runs a function of yours in a thread of its own: that one can be left where it never comes back."""
    came, seconds = {}, seconds or int(setting("TIMEOUT", "60"))
    def run():
        try: came["result"] = function(*args)
        except BaseException as error: came["error"] = error
    # In the context of its caller, since Flask keeps its current_app there.
    thread = threading.Thread(target=contextvars.copy_context().run, args=[run], daemon=True)
    try:
        thread.start()
        thread.join(seconds)
    except RuntimeError: run()  # Python 3.12 starts no thread in a program that ends
    if "error" in came: raise came["error"]
    if "result" not in came: raise Late(f"{name} has not come back within {seconds} seconds")
    return came["result"]

def calls(db=None):
    """The calls that were parked, oldest first, as dicts for your page: number, name, given, state, result, …"""
    return select("call:*", db)

def save(one, db=None): return keep(f"call:{one['number']:09}", one, db)

def confirm(number): return decide(number, {"state": "queued", "tried": None})
def cancel(number): return decide(number, {"state": "cancelled", "finished_at": iso()})
def decide(number, facts):
    """A person's word on a call that acts; False where it comes too late, or came before."""
    with store() as db:  # a form's number is a text
        may = [one for one in calls(db) if (str(one["number"]), one["state"]) == (str(number), "needs_confirmation")
               and one["until"] > time.time()]
        for one in may: save({**one, **facts}, db)
    return bool(may)

# The work.

def start():
    """Takes part in the work. The first message calls it; call it yourself to begin with your program."""
    if WORKER["pid"] == os.getpid(): return  # a forked process starts its own
    WORKER["pid"] = os.getpid()
    if trouble(): logging.getLogger("opening_bell").error("Opening Bell answers nothing yet: %s", trouble())
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    atexit.register(lambda: (WORKER.update(stops=True), thread.join(10)))

def work():
    while not WORKER["stops"]:
        try:
            with store("lead", wait=0): lead()
        except Refused: pass  # another process leads
        except BaseException as error:  # whatever your functions raise, SystemExit too: nobody else does this work
            blame("the worker failed", error)
            time.sleep(5)  # else a full disk fills faster
        time.sleep(0.5)

def lead():
    """Works until the program ends."""
    feed = SimpleNamespace(session=None)  # the session on which it runs
    with store() as db:  # what was running in a process that died
        for one in calls(db):
            facts = lost() if one["is_act"] else {"state": "parked", "tried": None}
            if one["state"] == "running": save({**one, **facts}, db)
    try:
        while not WORKER["stops"]:
            prove(living())
            follow(living(), feed)
            if not run_next(living()) and not look_up_next(living()): time.sleep(0.3)
    finally: follow(None, feed)

def prove(held):
    """Asks the broker whether the session lives: when it is new or in doubt, then every five minutes."""
    if not held or 0 < held.get("proof_due", 0) - time.time() < 301: return  # over 301: the clock was set back
    try:
        said = in_time("verify", ask, YOURS["verify"], held["made"])
        if said is False: raise AuthRequired()
        if refuses(said): raise RuntimeError(f"verify gave back an error: {said}"[:300])
        change(held, state="verified", verified_at=iso(), problem=None, proof_due=time.time() + 300)
    except AuthRequired: change(held, state="rejected", problem="the broker refuses it")
    except BaseException as error:
        change(held, problem=blame("verify failed", error, held["made"]), proof_due=time.time() + 10)

def doubt(held): change(held, state="exchanged", proof_due=0)  # until it is verified again
def change(held, **facts):
    with store() as db:
        now = kept("session", db)
        if now["exchanged_at"] == held["exchanged_at"]: keep("session", {**now, **facts}, db)

def follow(held, feed):
    """Ends the feed of another session, or one that was refused half a minute ago, and begins one on this session."""
    old = feed.session
    is_refused = old and feed.told["state"] == "refused" and time.monotonic() > feed.told_at + 30
    if old and (is_refused or not held or held["exchanged_at"] != old["exchanged_at"]):
        feed.session = None
        try: in_time("the function that stops the feed", feed.stop)
        except BaseException as error: blame("the feed could not be stopped", error, old["made"])
        keep("feed", None)
    if not held or feed.session or "feed" not in YOURS: return
    feed.session, feed.stop = held, lambda: None
    feed.told, feed.told_at = {**OFF, "of": held["exchanged_at"]}, 0
    def tell(state, problem=None):  # of its ticks one a second is kept
        if state not in FEED: raise ValueError(f"tell says {' or '.join(FEED)}, and no {state!r}")
        is_next_tick = state == feed.told["state"] == "live" and time.monotonic() < feed.told_at + 1
        if feed.session is not held or is_next_tick: return
        ticks = {"first_tick_at": feed.told["first_tick_at"] or iso(), "last_tick_at": iso()} if state == "live" else {}
        problem = problem and hide(str(problem), held["made"])
        feed.told = keep("feed", {**feed.told, **ticks, "state": state, "problem": problem})
        feed.told_at = time.monotonic()
    def begin():
        try: stop = YOURS["feed"](held["made"], tell)
        except BaseException as error:
            return tell("refused", blame("the feed could not be started", error, held["made"]))
        if feed.session is held: feed.stop = stop or feed.stop
        elif stop: stop()  # it came back after its session was over
    tell("connecting")
    try: in_time("feed", begin, seconds=10)
    except Late as late: tell(feed.told["state"], f"{blame('feed', late)}: let it start the feed, and not wait for it")

def run_next(held):
    """Runs the oldest parked call that may run; True where there was one."""
    one = take(held, lambda one: one["state"] in ("parked", "queued"), {"state": "running"})
    if not one: return False
    began = time.time()
    try: facts = outcome(one, in_time(one["name"], attempt, one, held, CALLS[one["name"]]["run"]))
    except AuthRequired:
        doubt(held)
        facts = {"state": "needs_confirmation" if one["is_act"] else "parked"}
    except BaseException as error:
        problem = blame(f"{one['name']} failed", error, held["made"])
        is_clear = not one["is_act"] or type(error).__name__ in REFUSALS
        facts = {"state": "failed", "problem": problem, "finished_at": iso()} if is_clear else lost()
    save({**one, **facts, "took_ms": int(1000 * (time.time() - began)) if facts.get("finished_at") else None})
    return True

def look_up_next(held):
    """Looks up the oldest call whose outcome was lost; True where there was one."""
    one = take(held, lambda one: one.get("look_at") and one["look_at"] < time.time(), {})
    if not one: return False
    try:
        found = in_time("look_up", ask, CALLS[one["name"]]["look_up"], held["made"], one["key"])
        save({**one, **(outcome(one, found) if found is not None else {}), "look_at": None})
    except AuthRequired: doubt(held)
    except BaseException as error: blame("look_up failed", error, held["made"])
    return True

def take(held, is_ready, facts):
    """The oldest call that is ready and was not tried with this session; its new facts are kept before it runs."""
    with store() as db:
        for one in calls(db):
            if one["state"] in ("parked", "queued", "needs_confirmation") and one["until"] < time.time():
                save({**one, "state": "stale", "finished_at": iso()}, db)
        ready = [one for one in calls(db) if is_ready(one) and one["name"] in CALLS
                 and held and held["state"] == "verified" and one["tried"] != held["exchanged_at"]]
        return save({**ready[0], **facts, "tried": held["exchanged_at"]}, db) if ready else None

def outcome(one, result):
    """How a call ends that gave a result. A result that is no JSON does not make it run again."""
    if refuses(result): raise RuntimeError(f"the broker's answer is an error: {result}"[:300])
    facts = {"state": "done", "finished_at": iso(), "problem": None, "result": result}
    try: json.dumps(result, default=str)
    except (TypeError, ValueError, RecursionError):
        facts.update(state="done" if one["is_act"] else "failed", problem="its result is no JSON", result=None)
    return facts

def refuses(result):
    """True for a broker's answer that was given back and says that the call failed."""
    if getattr(result, "ok", getattr(result, "is_success", True)) is False: return True  # of requests, of httpx
    if not isinstance(result, dict): return False
    return result.get("status") == "error" or isinstance(result.get("Error"), str) and result["Error"] != ""

def lost():
    """A call whose outcome is not known. Its look-up waits 5 seconds: a broker may list an order late."""
    unknown = "outcome unknown; it is not sent again"
    return {"state": "failed", "problem": unknown, "finished_at": iso(), "look_at": time.time() + 5, "tried": None}

# The store. By name it keeps `session`, `last` (who logged in last), `feed`, an `answer:` by its id, a `call:` by its number.

@contextmanager
def store(name="db", wait=30):
    """One transaction in a SQLite file, which all processes share. On a file other than "db" it serves as a lock."""
    folder = os.path.join(setting("FOLDER", os.path.dirname(os.path.abspath(__file__))), ".opening-bell")
    file = os.path.join(folder, re.sub(r'[\\/:*?"<>|]', "_", f"{account()}.{name}"))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    db = sqlite3.connect(file, timeout=wait, isolation_level=None)
    try:
        try: db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Refused("in_progress") if "locked" in str(error) and name != "db" else error
        os.chmod(file, 0o600)
        db.execute("CREATE TABLE IF NOT EXISTS kept (name PRIMARY KEY, value, changed)")
        yield db
        db.execute("COMMIT")
    finally: db.close()

def select(pattern, db=None):
    """What is kept under such names; what is kept as None is forgotten."""
    with nullcontext(db) if db else store() as db:
        found = db.execute("SELECT value FROM kept WHERE name GLOB ? AND value != 'null' ORDER BY name", [pattern])
        return [json.loads(value) for value, in found]

def kept(name, db=None): return (select(name, db) or [None])[0]

def keep(name, value, db=None):
    with nullcontext(db) if db else store() as db:
        db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", [name, json.dumps(value, default=str), time.time()])
    return value

def sign(id, at, body):
    signed = hmac.digest(secret(), f"{id}.{at}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()

def iso(at=None):
    return datetime.fromtimestamp(at or time.time(), timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"

def moment(text):
    """Epoch seconds of a time of the contract: in UTC, with Z."""
    if not re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text): raise ValueError("no time of the contract")
    return datetime.strptime(text[:19] + "+0000", "%Y-%m-%dT%H:%M:%S%z").timestamp() + float(f"0{text[19:-1]}")

def next_hour(hour):
    """Epoch seconds of the next time that it is this hour in India."""
    passed = (time.time() + 5.5 * HOUR - hour * HOUR) % DAY
    return time.time() - passed + DAY

def blame(what, error, *hidden):
    """Writes a fault of your code into the log, without what is secret in it; gives words for the person."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    logging.getLogger("opening_bell").error("%s\n%s", what, hide(text, list(hidden)))
    return str(error) if isinstance(error, Late) else f"{what}; the log says why"

def hide(text, secret):
    """The text without any text that is in `secret`, however deep."""
    if isinstance(secret, str): return text.replace(secret, "…") if len(secret) > 3 else text
    parts = secret.values() if isinstance(secret, dict) else secret if isinstance(secret, list) else []
    for part in parts: text = hide(text, part)
    return text
