from django.db import models


class Done(models.Model):
    """A task that was carried out."""

    name = models.CharField(max_length=100, unique=True)
