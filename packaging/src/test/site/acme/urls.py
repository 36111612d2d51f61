from django.urls import path

from . import views

urlpatterns = [
    path("health/", views.health),
    path("queue/<slug:name>/", views.queue),
    path("done/<slug:name>/", views.done),
]
