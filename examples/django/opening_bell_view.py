import trading  # yours: it names exchange, verify and the rest
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from opening_bell import receive, start

start()

@csrf_exempt  # the signature does what the cookie and its token do for a form
@require_POST
def session(request):
    is_chunked = request.META.get("wsgi.input_terminated") and not request.META.get("CONTENT_LENGTH")
    body = request.environ["wsgi.input"].read(8193) if is_chunked else request.read(8193)
    status, headers, text = receive(request.headers, body)
    response = HttpResponse(text, status=status)
    for name, value in headers.items():
        response[name] = value
    return response
