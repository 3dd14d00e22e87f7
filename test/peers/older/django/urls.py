from older import update_breeze_session

urlpatterns += [path("trigger/update-breeze-session/", update_breeze_session)]
