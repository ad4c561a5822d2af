"""`from tuotempo_api import TuoTempoAPI`, como enseña el README; el cliente vive en `tuotempo_leads`."""

from tuotempo_leads.infraestructura.tuotempo import TuoTempoAPI

__all__ = ["TuoTempoAPI"]
