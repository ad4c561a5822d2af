"""Portada de Centralita: el estado de los servicios, sus API reunidas y una forma de probarlas."""
