import redis
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, JsonResponse

from .models import Done
from .tasks import write


def health(request):
    """200 while the site can do its work, 503 without its database or its Redis."""
    checks = {}
    try:
        connection.ensure_connection()
        checks["database"] = "ok"
    except Exception as e:
        checks["database"] = type(e).__name__
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
        client.set("health", "1", ex=60)
        checks["redis"] = "ok"
    except redis.RedisError as e:
        checks["redis"] = type(e).__name__
    well = all(value == "ok" for value in checks.values())
    return JsonResponse({"status": "ok" if well else "unhealthy", "checks": checks}, status=200 if well else 503)


def queue(request, name):
    write.delay(name)
    return HttpResponse("queued\n", status=202)


def done(request, name):
    found = Done.objects.filter(name=name).exists()
    return HttpResponse("done\n" if found else "not yet\n", status=200 if found else 404)
