"""Un doble de la API v3 de TuoTempo para trabajar y probar sin el de verdad."""
