"""La carpeta de un servicio, por el nombre que le dan `make logs` y `make status` o por el suyo propio."""

from __future__ import annotations

import sys

from procesos import RAIZ, SERVICIOS


def main() -> int:
    if not sys.argv[1:]:
        return 0
    (pedido,) = sys.argv[1:]
    por_nombre = {servicio.nombre: servicio.carpeta for servicio in SERVICIOS}
    for carpeta in (por_nombre.get(pedido), f"services/{pedido}", f"gateway/{pedido}"):
        if carpeta and (RAIZ / carpeta / "tests").is_dir():
            print(carpeta)
            return 0
    nombres = ", ".join(por_nombre)
    print(f"No hay ningún servicio «{pedido}». Los que hay: {nombres}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
