from flask import Flask, request
from opening_bell import receive

app = Flask(__name__)

@app.post("/session")
def session():
    status, headers, text = receive(request.headers, request.stream.read(8193))
    return text, status, headers
