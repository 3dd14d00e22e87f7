from older import show, update_breeze_session

urlpatterns += [path("trigger/update-breeze-session/", update_breeze_session), path("received", show)]
