import trading  # yours: it names exchange, verify and the rest
from flask import Flask, request
from opening_bell import AuthRequired, receive, start

app = Flask(__name__)
start()

@app.post("/session", strict_slashes=False)
def session():
    # The second one where a before_request of yours has read the body.
    status, headers, text = receive(request.headers, request.stream.read(8193) or request.get_data())
    return text, status, headers

@app.get("/quotes")
def quotes():
    return trading.quote("NSE:NIFTY 50", "NSE:NIFTY BANK", "BSE:SENSEX")

@app.errorhandler(AuthRequired)
def waits(error):
    return error.answer
