"""A Flask app as many are: every request's body is read and logged before its route."""
import logging
from app import app
from flask import request

@app.before_request
def look():
    logging.getLogger("audit").info("%s %s %s", request.path, request.get_json(silent=True), len(request.get_data()))

@app.after_request
def sign_off(response):
    response.headers["X-Frame-Options"] = "DENY"
    return response
