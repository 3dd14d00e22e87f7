from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from opening_bell import receive

@csrf_exempt  # the signature does what the cookie and its token do for a form
@require_POST
def session(request):
    status, headers, text = receive(request.headers, request.read(8193))
    response = HttpResponse(text, status=status)
    for name, value in headers.items():
        response[name] = value
    return response
