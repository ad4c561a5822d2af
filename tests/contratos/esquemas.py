"""Esquemas con los que se escriben los cambios de contrato de estas pruebas."""

TEXTO, ENTERO = {"type": "string"}, {"type": "integer"}
FECHA = {"type": "string", "format": "date-time"}
NULO = {"type": "null"}


def objeto(exigidos=(), **propiedades):
    return {"type": "object", "properties": propiedades, "required": list(exigidos)}


def o(*opciones):
    return {"anyOf": list(opciones)}


def lista(elemento):
    return {"type": "array", "items": elemento}


def uno(**extra):
    return {"type": "string", **extra}


RECURSIVO = {"$defs": {"Nodo": objeto(hijo={"$ref": "#/$defs/Nodo"})}, "$ref": "#/$defs/Nodo"}
