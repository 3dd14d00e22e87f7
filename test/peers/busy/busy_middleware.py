"""A Django middleware as many are: it reads and logs every body before its view."""
import logging

def look(get_response):
    def middleware(request):
        logging.getLogger("audit").info("%s %s", request.path, len(request.body))
        request.POST
        return get_response(request)
    return middleware
