# At the end of your project's urls.py:
from opening_bell_view import session

urlpatterns += [path("session", session)]
