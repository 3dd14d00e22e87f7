"""A small Django program: `python3 manage.py runserver`. Its pages are in program.py, its trading in trading.py."""
import secrets, sys
from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="program", SECRET_KEY=secrets.token_hex())
execute_from_command_line(sys.argv)
