"""The pages: three indices, a button that reads, one that would act, and the calls that wait."""
import functools, os, opening_bell, trading
from django.http import FileResponse, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.views.decorators.http import require_GET, require_POST

opening_bell.start()

def session(request):
    status, headers, text = opening_bell.receive(request.headers, request.read(8193))
    return HttpResponse(text, status=status, headers=headers)

def answered(call):
    """Gives a page what the call gave, or the answer that it is parked. No other site's page may ask."""
    @functools.wraps(call)
    def view(request, **named):
        if request.headers.get("Sec-Fetch-Site") != "same-origin":
            return HttpResponse(status=403)
        try:
            return JsonResponse(call(request, **named), safe=False)
        except opening_bell.AuthRequired as waits:
            return JsonResponse(waits.answer)
    return view

def page(request):
    return FileResponse(open(os.path.join(os.path.dirname(__file__), "page.html"), "rb"))

def buy(request):
    return trading.buy("NIFTYBEES", 1, key=request.headers["Idempotency-Key"])

urlpatterns = [
    re_path("^session/?$", require_POST(session)),
    path("", require_GET(page)),
    path("quotes", require_GET(answered(lambda request: trading.quotes()))),
    path("ticks", require_GET(answered(lambda request: dict(trading.ticks)))),
    path("profile", require_GET(answered(lambda request: trading.profile()))),
    path("buy", require_POST(answered(buy))),
    path("calls", require_GET(answered(lambda request: opening_bell.calls()))),
    path("calls/<int:number>/confirm", require_POST(answered(lambda request, number: opening_bell.confirm(number)))),
    path("calls/<int:number>/cancel", require_POST(answered(lambda request, number: opening_bell.cancel(number)))),
]
