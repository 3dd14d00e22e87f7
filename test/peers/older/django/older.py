"""The update form of the older Django system: a login and a CSRF token, the token in a form field, success in JSON."""
import json, os
from urllib.request import urlopen
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

@require_POST
@login_required
def update_breeze_session(request):
    token = request.POST.get("session_token", "")
    with urlopen(os.environ["PRACTICE_EXCHANGE"] + token) as answer: refused = "refused" in json.load(answer)
    if refused: return JsonResponse({"success": False, "auth_required": True, "error": "Session key is expired."})
    return JsonResponse({"success": True})
