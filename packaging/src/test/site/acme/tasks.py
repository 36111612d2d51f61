from celery import shared_task

from .models import Done


@shared_task
def write(name):
    Done.objects.get_or_create(name=name)
