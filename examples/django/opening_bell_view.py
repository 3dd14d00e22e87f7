import trading  # yours: it names exchange, verify and the rest
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from opening_bell import AuthRequired, receive, start

start()

@csrf_exempt  # the signature does what the cookie and its token do for a form
@require_POST
def session(request):
    pieces = request.META.get("wsgi.input") if "HTTP_TRANSFER_ENCODING" in request.META else None
    if pieces and not request.META.get("wsgi.input_terminated"):
        return HttpResponse(status=411)  # runserver reads no body without its length
    body = (pieces or request).read(8193)
    status, headers, text = receive(request.headers, body)
    return HttpResponse(text, status=status, headers=headers)

def quotes(request):
    try:
        return JsonResponse(trading.quote("NSE:NIFTY 50", "NSE:NIFTY BANK", "BSE:SENSEX"))
    except AuthRequired as waits:
        return JsonResponse(waits.answer)
