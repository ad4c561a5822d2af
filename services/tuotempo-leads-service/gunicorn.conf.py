"""Lo que `gunicorn app:app` lee por su cuenta: la orden del README arranca así como las demás."""

from chasis.gunicorn import *  # noqa: F403
