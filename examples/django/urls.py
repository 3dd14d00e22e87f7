# At the end of your project's urls.py:
from django.urls import re_path
from opening_bell_view import quotes, session

urlpatterns += [re_path("^session/?$", session), re_path("^quotes$", quotes)]
